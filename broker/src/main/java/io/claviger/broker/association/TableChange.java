package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import java.util.Optional;

/**
 * A change of one association that a table has applied.
 *
 * @param key the service account
 * @param before the association before, empty if it is new
 * @param after the association now, empty if it is deleted
 * @param position of the change
 * @param follows the position that the table had before
 */
public record TableChange(
    AssociationKey key,
    Optional<Association> before,
    Optional<Association> after,
    Position position,
    Position follows) {}
