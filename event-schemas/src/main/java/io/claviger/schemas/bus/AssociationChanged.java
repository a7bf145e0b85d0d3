package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;

/**
 * A broker tells an edge that an association is not what it was. The edge forgets older sessions
 * and refusals of that service account.
 *
 * @param version of the protocol
 * @param key which service account
 * @param revision the association's revision from now on; 0 when it is gone, or credentials of it
 *     are revoked
 * @param position of the change in the cluster's log
 * @param follows the position that this message follows on the connection; another one than the
 *     edge has means a gap
 */
public record AssociationChanged(
    int version, AssociationKey key, long revision, Position position, Position follows) {

  public AssociationChanged {
    Check.present(key, "key");
    Check.present(position, "position");
    Check.present(follows, "follows");
  }
}
