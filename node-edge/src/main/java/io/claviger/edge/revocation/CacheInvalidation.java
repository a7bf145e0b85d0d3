package io.claviger.edge.revocation;

import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;

/** What a change of an association does to what this node caches. */
public interface CacheInvalidation {

  /**
   * Forgets the sessions and refusals of a service account that were answered before a position,
   * except sessions of the revision that is in force.
   *
   * @param key the service account
   * @param position of the change
   * @param revision in force from then on; 0 when there is none any more
   */
  void forget(AssociationKey key, Position position, long revision);

  /**
   * Forgets the sessions of one revision of an association.
   *
   * @param key the service account
   * @param associationId the association
   * @param revision of it
   */
  void forgetRevision(AssociationKey key, String associationId, long revision);
}
