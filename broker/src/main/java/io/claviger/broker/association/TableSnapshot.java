package io.claviger.broker.association;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.bus.SnapshotReply;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A whole table at one moment.
 *
 * @param associations in the order of their keys
 * @param revocations in the order of their keys
 * @param positions the applied position of each cluster's log
 * @param digest of all three
 */
public record TableSnapshot(
    List<Association> associations,
    List<Revocation> revocations,
    Map<String, Position> positions,
    String digest) {

  public TableSnapshot {
    associations = List.copyOf(associations);
    revocations = List.copyOf(revocations);
    positions = Map.copyOf(positions);
    Check.text(digest, "digest");
  }

  /**
   * Creates a snapshot with its digest. Takes a few microseconds per association: not for an event
   * loop.
   */
  static TableSnapshot of(
      Collection<Association> associations,
      Collection<Revocation> revocations,
      Map<String, Position> positions) {
    List<Association> sorted = TableDigest.sorted(associations);
    List<Revocation> revoked = TableDigest.sortedRevocations(revocations);
    return new TableSnapshot(
        sorted, revoked, positions, TableDigest.of(sorted, revoked, positions));
  }

  /** Returns the number of entries: associations, then revocations. */
  int size() {
    return associations.size() + revocations.size();
  }

  /** Returns a page of entries from an index on; shorter at the end, empty behind it. */
  SnapshotReply.Page page(int from, int count) {
    int revoked = from - associations.size();
    return new SnapshotReply.Page(
        slice(associations, from, from + count), slice(revocations, revoked, revoked + count));
  }

  private static <T> List<T> slice(List<T> all, int from, int to) {
    int start = Math.clamp(from, 0, all.size());
    return all.subList(start, Math.clamp(to, start, all.size()));
  }
}
