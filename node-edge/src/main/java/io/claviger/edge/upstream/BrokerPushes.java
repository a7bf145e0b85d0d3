package io.claviger.edge.upstream;

import io.claviger.edge.revocation.PushSequence;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.AssociationChanged;
import io.claviger.schemas.bus.PodsGone;
import io.claviger.schemas.bus.PublishedKeys;
import io.claviger.schemas.bus.RevokedPods;

/** What brokers say unasked. Called on the upstream's context; must not block. */
public interface BrokerPushes {

  /** A broker is at this position. */
  void position(Position position);

  /** The uid of the node that this edge serves, as its own token names it. */
  void nodeUid(String uid);

  /** A key set was published. */
  void keys(PublishedKeys keys);

  /** Pods that a broker was told of are gone. */
  void gone(PodsGone gone);

  /** Which pods are revoked, as a broker has it now. */
  void revokedPods(RevokedPods revokedPods);

  /**
   * An association changed.
   *
   * @param sequence of the connection that says so
   * @return false when something that came before it on the connection is missing
   */
  boolean changed(PushSequence sequence, AssociationChanged changed);
}
