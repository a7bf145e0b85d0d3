package io.claviger.edge.revocation;

import io.claviger.schemas.association.Position;

/**
 * Whether the pushes of one connection arrived without a gap. Used by that connection's thread
 * only.
 */
public final class PushSequence {

  private Position last;

  /** The pushes that follow a login. */
  public PushSequence(Position atLogin) {
    this.last = atLogin;
  }

  /** Takes the next push; false when something that came before it is missing. */
  boolean follows(Position follows, Position position) {
    boolean whole = follows.equals(last);
    last = position;
    return whole;
  }
}
