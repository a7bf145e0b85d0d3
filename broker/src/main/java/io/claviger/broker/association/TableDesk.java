package io.claviger.broker.association;

import io.claviger.schemas.bus.TableQuestion;
import io.claviger.schemas.bus.TableReply;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Shows this broker's table to others that cannot read the log. What was offered last is held, so
 * that its pages belong together while the table changes. Takes its time: not for an event loop.
 */
public final class TableDesk {

  private static final int HELD = 4;

  private final AssociationTable table;
  private final InstantSource clock;
  private final Map<String, TableSnapshot> offered = new LinkedHashMap<>();

  /** Shows this table, which may itself be a peer's: the age goes on. */
  public TableDesk(AssociationTable table, InstantSource clock) {
    this.table = table;
    this.clock = clock;
  }

  /** Answers from a table that has caught up, and from no other. */
  public synchronized TableReply answer(TableQuestion question) {
    return question.digest() == null ? offer() : page(question.digest(), question.from());
  }

  private TableReply offer() {
    // The age first: the table may only be newer than what it is told with.
    Optional<Instant> asOf = table.asOf();
    if (asOf.isEmpty() || !table.caughtUp()) {
      return new TableReply.NotCaughtUp();
    }
    TableSnapshot snapshot = table.snapshot();
    hold(snapshot);
    Duration age = Duration.between(asOf.get(), clock.instant());
    return new TableReply.Offered(
        snapshot.digest(), snapshot.size(), snapshot.positions(), Math.max(0, age.toMillis()));
  }

  private TableReply page(String digest, int from) {
    TableSnapshot snapshot = offered.get(digest);
    return snapshot == null ? new TableReply.Changed() : snapshot.page(from, TableReply.PAGE);
  }

  private void hold(TableSnapshot snapshot) {
    offered.remove(snapshot.digest());
    offered.put(snapshot.digest(), snapshot);
    if (offered.size() > HELD) {
      offered.remove(offered.keySet().iterator().next());
    }
  }
}
