package io.claviger.broker.ingress;

import io.claviger.broker.association.RevocationListener;
import io.claviger.broker.association.Revocations;
import io.claviger.config.bridge.Bodies;
import io.claviger.config.bridge.BridgeFrames;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.RevokedPods;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Tells the edges of a cluster what is revoked and what is not any more: of a role or a workload,
 * that its associations changed; of pods and nodes, all that is revoked. Any thread.
 */
public final class RevocationPushes implements RevocationListener {

  private final EdgeConnections connections;
  private final Function<String, Collection<Association>> associations;
  private final Revocations revocations;
  private final RevokedPodSets revokedPods;

  /**
   * Pushes to connections.
   *
   * @param associations those of a cluster
   * @param revocations of the same table
   */
  public RevocationPushes(
      EdgeConnections connections,
      Function<String, Collection<Association>> associations,
      Revocations revocations,
      RevokedPodSets revokedPods) {
    this.connections = connections;
    this.associations = associations;
    this.revocations = revocations;
    this.revokedPods = revokedPods;
  }

  @Override
  public void revoked(Revocation revocation, boolean inForce, Position position) {
    switch (revocation.subject().kind()) {
      case ROLE, WORKLOAD -> changed(revocation.cluster(), revocation.subject(), position);
      case NODE, POD -> revokedPods(revocation.cluster());
    }
  }

  private void changed(String cluster, RevokedSubject subject, Position position) {
    for (Association association : associations.apply(cluster)) {
      if (subject.isAllOf(association)) {
        connections.changed(association.key(), revision(revocations, association), position, null);
      }
    }
  }

  private void revokedPods(String cluster) {
    Function<String, RevokedPods> ofNode = revokedPods.of(cluster);
    // Two at most, for thousands of edges.
    Map<RevokedPods, Buffer> frames = new ConcurrentHashMap<>();
    connections.push(
        cluster,
        BusProtocol.REVOKED_PODS_CHANGED,
        node -> frames.computeIfAbsent(ofNode.apply(node), RevocationPushes::frame));
  }

  private static Buffer frame(RevokedPods set) {
    return BridgeFrames.encodeMessage(BusProtocol.REVOKED_PODS_CHANGED, Bodies.of(set));
  }

  /** As edges are told: a revoked one is as if it were gone. */
  static long revision(Revocations revocations, Association association) {
    return revocations.ofAssociation(association).isPresent() ? 0 : association.revision();
  }
}
