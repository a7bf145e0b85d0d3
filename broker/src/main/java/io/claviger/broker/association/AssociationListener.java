package io.claviger.broker.association;

import io.claviger.schemas.association.Position;

/** Receives each change after the table has applied it, in the order of the cluster's log. */
@FunctionalInterface
public interface AssociationListener {

  /** The table has applied a change. Must return at once and not throw. */
  void applied(TableChange change);

  /**
   * The table has reached a position of a cluster's log without every entry before it. The listener
   * is then called for what changed at that position; of earlier changes it may have seen only the
   * result. Must return at once and not throw.
   */
  default void missed(String cluster, Position position) {}
}
