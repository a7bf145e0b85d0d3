package io.claviger.broker.app;

import io.claviger.broker.association.AssociationTable;
import io.claviger.broker.association.TableSnapshot;
import io.claviger.schemas.association.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a broker's table for operators: {@code GET /associations} on the management port.
 * Brokers with equal digests have equal tables.
 *
 * @param digest of associations and positions
 * @param size the number of associations
 * @param positions the applied position of each cluster's log
 * @param source {@code log}, {@code peer}, or {@code none} before there is any
 * @param ageMillis how long ago Kafka last answered the broker that read the log; absent before
 */
record TableStatus(
    String digest,
    int size,
    Map<String, Position> positions,
    String source,
    @Nullable Long ageMillis) {

  /** Returns the state at that time. */
  static TableStatus of(AssociationTable table, Instant now) {
    TableSnapshot snapshot = table.snapshot();
    return new TableStatus(
        snapshot.digest(),
        snapshot.associations().size(),
        snapshot.positions(),
        table.source().name().toLowerCase(Locale.ROOT),
        table.asOf().map(asOf -> Duration.between(asOf, now).toMillis()).orElse(null));
  }
}
