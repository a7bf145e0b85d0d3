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
 * All of a table at one moment.
 *
 * @param associations in the order of their keys
 * @param revocations in the order of their keys
 * @param positions how far each cluster's log had been applied
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

  /** With its digest, which takes a few microseconds an association: not on an event loop. */
  static TableSnapshot of(
      Collection<Association> associations,
      Collection<Revocation> revocations,
      Map<String, Position> positions) {
    List<Association> sorted = TableDigest.sorted(associations);
    List<Revocation> revoked = TableDigest.sortedRevocations(revocations);
    return new TableSnapshot(
        sorted, revoked, positions, TableDigest.of(sorted, revoked, positions));
  }

  /** How many entries there are: associations, behind them revocations. */
  int size() {
    return associations.size() + revocations.size();
  }

  /** Some of the entries, from that one on; fewer at the end, none behind it. */
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
