package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import java.util.Optional;

/** Is told each change once it is in the table, in the order of the cluster's log. */
@FunctionalInterface
public interface AssociationListener {

  /**
   * A change has been applied. Must return at once and not throw.
   *
   * @param key the service account
   * @param before the association before, absent when it is new
   * @param after the association now, absent when it is gone
   * @param position of the change
   * @param follows the position that the table had before
   */
  void applied(
      AssociationKey key,
      Optional<Association> before,
      Optional<Association> after,
      Position position,
      Position follows);
}
