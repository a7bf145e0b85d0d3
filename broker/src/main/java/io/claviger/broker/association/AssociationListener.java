package io.claviger.broker.association;

import io.claviger.schemas.association.Position;

/** Is told each change once it is in the table, in the order of the cluster's log. */
@FunctionalInterface
public interface AssociationListener {

  /** A change has been applied. Must return at once and not throw. */
  void applied(TableChange change);

  /**
   * The table has a cluster's log up to a position, but not every entry before it: it is told after
   * what that position has changed, and what else is different may have been told of no more than
   * by its result. Must return at once and not throw.
   */
  default void missed(String cluster, Position position) {}
}
