package io.claviger.edge.revocation;

import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;

/** Drops cached entries when an association changes. */
public interface CacheInvalidation {

  /**
   * Drops the sessions and refusals of a service account from before a position, except sessions of
   * the current revision.
   *
   * @param key the service account
   * @param position of the change
   * @param revision the current one; 0 if the association was removed
   */
  void forget(AssociationKey key, Position position, long revision);

  /**
   * Drops the sessions of one revision of an association.
   *
   * @param key the service account
   * @param associationId the association
   * @param revision of it
   */
  void forgetRevision(AssociationKey key, String associationId, long revision);
}
