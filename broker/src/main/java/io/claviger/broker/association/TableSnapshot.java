package io.claviger.broker.association;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import java.util.List;
import java.util.Map;

/**
 * All of a table at one moment.
 *
 * @param associations in the order of their keys
 * @param positions how far each cluster's log had been applied
 * @param digest of both
 */
public record TableSnapshot(
    List<Association> associations, Map<String, Position> positions, String digest) {

  public TableSnapshot {
    associations = List.copyOf(associations);
    positions = Map.copyOf(positions);
    Check.text(digest, "digest");
  }

  /**
   * With its digest, which takes a few microseconds an association: not on an event loop.
   *
   * @param associations in any order
   */
  static TableSnapshot of(List<Association> associations, Map<String, Position> positions) {
    List<Association> sorted = TableDigest.sorted(associations);
    return new TableSnapshot(sorted, positions, TableDigest.of(sorted, positions));
  }

  /** Some of the associations, from that one on; fewer at the end, none behind it. */
  List<Association> page(int from, int count) {
    int start = Math.min(from, associations.size());
    return associations.subList(start, Math.min(start + count, associations.size()));
  }
}
