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
 * Answers brokers that cannot read the log with snapshots of this broker's table. What was offered
 * or asked for last is kept, so that its pages belong together while the table changes. Slow: not
 * for an event loop.
 */
public final class SnapshotHandler {

  /** A table that is being written again changes with every batch of it. */
  private static final int OFFERED = 16;

  private final AssociationTable table;
  private final InstantSource clock;
  private final Map<String, TableSnapshot> offered = new LinkedHashMap<>(OFFERED, 0.75f, true);

  /** Answers from this table, which may itself be a peer's: its age goes on. */
  public SnapshotHandler(AssociationTable table, InstantSource clock) {
    this.table = table;
    this.clock = clock;
  }

  /** Answers from a table that has caught up, and from no other. */
  public synchronized SnapshotReply answer(SnapshotRequest request) {
    return request.digest() == null ? offer() : page(request.digest(), request.from());
  }

  private SnapshotReply offer() {
    // The age first: the table may only be newer than the age that is sent with it.
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
