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

  /**
   * The table has a cluster's log up to a position, but not every entry before it: it is told after
   * what that position has changed, and what else is different may have been told of no more than
   * by its result. Must return at once and not throw.
   */
  default void missed(String cluster, Position position) {}
}
