package io.claviger.broker.audit;

import io.claviger.schemas.bus.NodeEvent;
import io.claviger.schemas.event.CredentialEvent;
import io.claviger.schemas.event.EventBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * Adds the events that edges report to the audit stream. Cluster and node come from the edge's
 * authenticated connection, not from the event. An event's id is derived from its content, so it is
 * the same in every report and at every broker. Thread-safe.
 */
public final class NodeEventLog {

  private final ReceivedEvents log;

  /** Records edges' events in the given log. */
  public NodeEventLog(ReceivedEvents log) {
    this.log = log;
  }

  /**
   * Takes events in order, until the log is full.
   *
   * @param cluster of the edge's login
   * @param node of the edge's login
   * @return how many were taken, from the first on
   */
  public int take(String cluster, String node, List<NodeEvent> events) {
    int taken = 0;
    for (NodeEvent event : events) {
      if (!log.offer(id(cluster, node, event), of(cluster, node, event))) {
        break;
      }
      taken++;
    }
    return taken;
  }

  private static CredentialEvent of(String cluster, String node, NodeEvent event) {
    return switch (event) {
      case NodeEvent.Delivered delivered -> delivered(cluster, node, delivered);
      case NodeEvent.StalenessExceeded(var at) ->
          CredentialEvent.of(CredentialEvent.Type.STALENESS_EXCEEDED, at, node, cluster)
              .on(node)
              .build();
      case NodeEvent.StalenessEnded(var at) ->
          CredentialEvent.of(CredentialEvent.Type.STALENESS_ENDED, at, node, cluster)
              .on(node)
              .build();
    };
  }

  private static CredentialEvent delivered(
      String cluster, String node, NodeEvent.Delivered delivered) {
    EventBuilder event =
        CredentialEvent.of(CredentialEvent.Type.DELIVERED, delivered.at(), node, cluster)
            .of(delivered.namespace(), delivered.serviceAccount())
            .pod(delivered.podName(), delivered.podUid())
            .on(node)
            .key(delivered.accessKeyId(), delivered.expiration(), null)
            .session(delivered.sessionName())
            .servedFrom(delivered.servedFrom());
    String association = delivered.associationId();
    Long revision = delivered.revision();
    return association == null || revision == null
        ? event.build()
        : event.under(association, revision).build();
  }

  private static UUID id(String cluster, String node, NodeEvent event) {
    String what =
        switch (event) {
          case NodeEvent.Delivered delivered ->
              "delivered\n" + delivered.accessKeyId() + "\n" + delivered.podUid();
          case NodeEvent.StalenessExceeded(var at) -> "stale\n" + at;
          case NodeEvent.StalenessEnded(var at) -> "restored\n" + at;
        };
    return UUID.nameUUIDFromBytes(
        (cluster + "\n" + node + "\n" + what).getBytes(StandardCharsets.UTF_8));
  }
}
