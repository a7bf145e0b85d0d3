package io.claviger.edge.revocation;

import io.claviger.schemas.association.Position;

/**
 * Whether the pushes of one connection arrived without a gap. Used by that connection's thread
 * only.
 */
public final class PushSequence {

  private Position last;

  /** Starts with the position of a login. */
  public PushSequence(Position atLogin) {
    this.last = atLogin;
  }

  /** Records the next push; returns false if one before it is missing. */
  boolean follows(Position follows, Position position) {
    boolean whole = follows.equals(last);
    last = position;
    return whole;
  }
}
