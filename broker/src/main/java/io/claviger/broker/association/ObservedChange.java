package io.claviger.broker.association;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A change of an association, as who watches a cluster sees it.
 *
 * @param association as it is from here on; one that is gone, as it was
 * @param position of the change in the cluster's log
 */
public record ObservedChange(Kind kind, Association association, Position position) {

  /** What has become of it. */
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

  /**
   * What a change of the table is to a watcher: nothing when nothing was there before and after.
   */
  static Stream<ObservedChange> of(
      Optional<Association> before, Optional<Association> after, Position position) {
    Kind kind = after.isEmpty() ? Kind.DELETED : before.isEmpty() ? Kind.ADDED : Kind.MODIFIED;
    return after.or(() -> before).stream()
        .map(association -> new ObservedChange(kind, association, position));
  }
}
