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
 * Pushes revocations to the edges of a cluster. For a role or a workload, it pushes a change of
 * each of its associations. For a pod or a node, it pushes the whole set of revoked pods. Any
 * thread.
 */
public final class RevocationPushes implements RevocationListener {

  private final EdgeConnections connections;
  private final Function<String, Collection<Association>> associations;
  private final Revocations revocations;
  private final RevokedPodSets revokedPods;

  /**
   * Creates a listener that pushes to connections.
   *
   * @param associations the associations of a cluster
   * @param revocations the revocations of the same table
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
    // At most two distinct frames, for thousands of edges.
    Map<RevokedPods, Buffer> frames = new ConcurrentHashMap<>();
    connections.push(
        cluster,
        BusProtocol.REVOKED_PODS_CHANGED,
        node -> frames.computeIfAbsent(ofNode.apply(node), RevocationPushes::frame));
  }

  private static Buffer frame(RevokedPods set) {
    return BridgeFrames.encodeMessage(BusProtocol.REVOKED_PODS_CHANGED, Bodies.of(set));
  }

  /** The revision for edges. A revoked association has 0, as a deleted one does. */
  static long revision(Revocations revocations, Association association) {
    return revocations.ofAssociation(association).isPresent() ? 0 : association.revision();
  }
}
