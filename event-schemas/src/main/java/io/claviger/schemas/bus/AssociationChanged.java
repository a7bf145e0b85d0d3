package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;

/**
 * A broker notifies an edge that an association has changed. The edge drops older sessions and
 * refusals of that service account.
 *
 * @param version of the protocol
 * @param key the service account
 * @param revision the association's revision from now on; 0 if it was removed, or its credentials
 *     are revoked
 * @param position of the change in the cluster's log
 * @param follows the position that this message follows on the connection; if it differs from the
 *     edge's own, the edge has missed a message
 */
public record AssociationChanged(
    int version, AssociationKey key, long revision, Position position, Position follows) {

  public AssociationChanged {
    Check.present(key, "key");
    Check.present(position, "position");
    Check.present(follows, "follows");
  }
}
