package io.claviger.edge.upstream;

import io.claviger.edge.revocation.PushSequence;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.AssociationChanged;
import io.claviger.schemas.bus.PodsGone;
import io.claviger.schemas.bus.PublishedKeys;
import io.claviger.schemas.bus.RevokedPods;

/** Handles brokers' pushes. Called on the upstream's context; must not block. */
public interface BrokerPushes {

  /** A broker is at this position. */
  void position(Position position);

  /** The uid of the node that this edge serves, from its own token. */
  void nodeUid(String uid);

  /** A key set was published. */
  void keys(PublishedKeys keys);

  /** Pods that this edge has reported are gone. */
  void gone(PodsGone gone);

  /** The revoked pods, as a broker has them now. */
  void revokedPods(RevokedPods revokedPods);

  /**
   * An association changed.
   *
   * @param sequence of the connection that reported it
   * @return false if a push before it is missing on the connection
   */
  boolean changed(PushSequence sequence, AssociationChanged changed);
}
