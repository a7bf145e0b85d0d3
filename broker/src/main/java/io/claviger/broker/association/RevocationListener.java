package io.claviger.broker.association;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;

/** Receives each revocation and each lifting after the table has applied it, in the log's order. */
@FunctionalInterface
public interface RevocationListener {

  /**
   * Must return at once and not throw.
   *
   * @param revocation that was made or lifted
   * @param inForce false after the lifting
   * @param position of the change
   */
  void revoked(Revocation revocation, boolean inForce, Position position);
}
