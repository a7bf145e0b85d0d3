package io.claviger.broker.ingress;

import io.claviger.broker.identity.KnownPods;
import io.claviger.broker.telemetry.PodMeters;
import io.claviger.config.bridge.Bodies;
import io.claviger.config.bridge.BridgeFrames;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.PodsGone;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Pushes the deletion of pods to the edges that have reported them. Any thread. */
public final class PodPushes {

  private final EdgeConnections connections;
  private final PodMeters meters;

  /** Creates pushes to these connections. */
  public PodPushes(EdgeConnections connections, PodMeters meters) {
    this.connections = connections;
    this.meters = meters;
  }

  /** Starts to push deletions of a cluster, given by its registered name. */
  public void listen(String cluster, KnownPods pods) {
    pods.listen(gone -> gone(cluster, gone));
  }

  private void gone(String cluster, Set<UUID> gone) {
    for (EdgeConnection edge : connections.of(cluster)) {
      Set<UUID> concerned = edge.reportedPods().remove(gone);
      if (!concerned.isEmpty()) {
        meters.pushed(cluster, concerned.size());
        frames(concerned).forEach(frame -> edge.registrations().push(BusProtocol.PODS_GONE, frame));
      }
    }
  }

  private static List<Buffer> frames(Set<UUID> uids) {
    List<String> all = uids.stream().map(UUID::toString).toList();
    List<Buffer> frames = new ArrayList<>();
    for (int from = 0; from < all.size(); from += PodsGone.MAX_UIDS) {
      int to = Math.min(all.size(), from + PodsGone.MAX_UIDS);
      frames.add(
          BridgeFrames.encodeMessage(
              BusProtocol.PODS_GONE,
              Bodies.of(new PodsGone(BusProtocol.VERSION, all.subList(from, to)))));
    }
    return frames;
  }
}
