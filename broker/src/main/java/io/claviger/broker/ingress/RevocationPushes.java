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
import io.claviger.schemas.bus.Withheld;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Tells the edges of a cluster what is revoked and what is not any more: of a role or a workload,
 * that its associations moved; of pods and nodes, what is withheld, whole. Any thread.
 */
public final class RevocationPushes implements RevocationListener {

  private final EdgeConnections connections;
  private final Function<String, Collection<Association>> associations;
  private final Revocations revocations;
  private final WithheldSets withheld;

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
      WithheldSets withheld) {
    this.connections = connections;
    this.associations = associations;
    this.revocations = revocations;
    this.withheld = withheld;
  }

  @Override
  public void revoked(Revocation revocation, boolean inForce, Position position) {
    switch (revocation.subject().kind()) {
      case ROLE, WORKLOAD -> moved(revocation.cluster(), revocation.subject(), position);
      case NODE, POD -> withheld(revocation.cluster());
    }
  }

  private void moved(String cluster, RevokedSubject subject, Position position) {
    for (Association association : associations.apply(cluster)) {
      if (subject.isAllOf(association)) {
        connections.moved(association.key(), revision(revocations, association), position);
      }
    }
  }

  private void withheld(String cluster) {
    Function<String, Withheld> ofNode = withheld.of(cluster);
    // Two at most, for thousands of edges.
    Map<Withheld, Buffer> frames = new ConcurrentHashMap<>();
    connections.push(
        cluster,
        BusProtocol.WITHHELD_CHANGED,
        node -> frames.computeIfAbsent(ofNode.apply(node), RevocationPushes::frame));
  }

  private static Buffer frame(Withheld set) {
    return BridgeFrames.encodeMessage(BusProtocol.WITHHELD_CHANGED, Bodies.of(set));
  }

  /** As edges are told: one whose credentials are withheld is as if it were gone. */
  static long revision(Revocations revocations, Association association) {
    return revocations.ofAssociation(association).isPresent() ? 0 : association.revision();
  }
}
