package io.claviger.broker.association;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;

/** Is told each revocation and each lifting, once it is in the table, in the log's order. */
@FunctionalInterface
public interface RevocationListener {

  /**
   * Must return at once and not throw.
   *
   * @param revocation that was made or lifted
   * @param inForce false once it is lifted
   * @param position of the change
   */
  void revoked(Revocation revocation, boolean inForce, Position position);
}
