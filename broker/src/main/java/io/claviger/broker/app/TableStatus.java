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
 * A broker's table as it shows it to operators: {@code GET /associations} on the management port.
 * Brokers whose digests are equal say the same.
 *
 * @param digest of associations and positions
 * @param size how many associations
 * @param positions how far each cluster's log has been applied
 * @param source {@code log}, {@code peer}, or {@code none} before there is any
 * @param ageMillis how long ago the log answered last the broker that has read it; absent before
 */
record TableStatus(
    String digest,
    int size,
    Map<String, Position> positions,
    String source,
    @Nullable Long ageMillis) {

  /** At that time. */
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
