package io.claviger.broker.association;

import io.claviger.schemas.bus.SnapshotReply;
import io.claviger.schemas.bus.SnapshotRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sends snapshots of this broker's table to brokers that cannot read the log. The snapshots used
 * last are kept, so that the pages of one belong together while the table changes. Slow: not for an
 * event loop.
 */
public final class SnapshotHandler {

  /** While a table is being rewritten, each batch makes another snapshot. */
  private static final int OFFERED = 16;

  private final AssociationTable table;
  private final InstantSource clock;
  private final Map<String, TableSnapshot> offered = new LinkedHashMap<>(OFFERED, 0.75f, true);

  /** Answers from this table. If it was adopted from a peer, its age continues. */
  public SnapshotHandler(AssociationTable table, InstantSource clock) {
    this.table = table;
    this.clock = clock;
  }

  /** Answers only if the table has caught up. */
  public synchronized SnapshotReply answer(SnapshotRequest request) {
    return request.digest() == null ? offer() : page(request.digest(), request.from());
  }

  private SnapshotReply offer() {
    // The age is read first: the table may be newer than the age sent with it, never older.
    Optional<Instant> asOf = table.asOf();
    if (asOf.isEmpty() || !table.caughtUp()) {
      return new SnapshotReply.NotCaughtUp();
    }
    TableSnapshot snapshot = table.snapshot();
    keep(snapshot);
    Duration age = Duration.between(asOf.get(), clock.instant());
    return new SnapshotReply.Offered(
        snapshot.digest(), snapshot.size(), snapshot.positions(), Math.max(0, age.toMillis()));
  }

  private SnapshotReply page(String digest, int from) {
    TableSnapshot snapshot = offered.get(digest);
    return snapshot == null ? new SnapshotReply.Changed() : snapshot.page(from, SnapshotReply.PAGE);
  }

  private void keep(TableSnapshot snapshot) {
    offered.remove(snapshot.digest());
    offered.put(snapshot.digest(), snapshot);
    if (offered.size() > OFFERED) {
      offered.remove(offered.keySet().iterator().next());
    }
  }
}
