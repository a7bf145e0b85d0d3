package io.claviger.edge.upstream;

import io.claviger.edge.revocation.PushSequence;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.AssociationMoved;
import io.claviger.schemas.bus.PodsGone;
import io.claviger.schemas.bus.PublishedKeys;
import io.claviger.schemas.bus.Withheld;

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

  /** From which pods credentials are withheld, as a broker has it now. */
  void withheld(Withheld withheld);

  /**
   * An association moved.
   *
   * @param sequence of the connection that says so
   * @return false when something that came before it on the connection is missing
   */
  boolean moved(PushSequence sequence, AssociationMoved moved);
}
