package io.claviger.broker.association;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A change of an association, as a watch of the cluster reports it.
 *
 * @param association after the change; if deleted, its last content
 * @param position of the change in the cluster's log
 */
public record ObservedChange(Kind kind, Association association, Position position) {

  /** The kind of change. */
  public enum Kind {
    ADDED,
    MODIFIED,
    DELETED
  }

  public ObservedChange {
    Check.present(kind, "kind");
    Check.present(association, "association");
    Check.present(position, "position");
  }

  /** Converts a change of the table; empty if there was no association before and after it. */
  static Stream<ObservedChange> of(
      Optional<Association> before, Optional<Association> after, Position position) {
    Kind kind = after.isEmpty() ? Kind.DELETED : before.isEmpty() ? Kind.ADDED : Kind.MODIFIED;
    return after.or(() -> before).stream()
        .map(association -> new ObservedChange(kind, association, position));
  }
}
