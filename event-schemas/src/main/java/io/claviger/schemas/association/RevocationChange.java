package io.claviger.schemas.association;

import io.claviger.schemas.Check;

/**
 * A subject is revoked: a record of {@link Topics#CHANGES}, keyed by {@link
 * Revocation#recordKey()}. Lifting the revocation is a tombstone with position and actor in the
 * headers of {@link AssociationChange}.
 *
 * @param version of this record's format; 1
 * @param revocation the revocation from this position on
 * @param position the position of this change in the cluster's log
 */
public record RevocationChange(int version, Revocation revocation, Position position) {

  public RevocationChange {
    Check.present(revocation, "revocation");
    Check.present(position, "position");
  }

  /** Returns a change of the current version. */
  public static RevocationChange of(Revocation revocation, Position position) {
    return new RevocationChange(1, revocation, position);
  }
}
