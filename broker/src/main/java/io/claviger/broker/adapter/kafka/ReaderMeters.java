package io.claviger.broker.adapter.kafka;

import io.claviger.broker.association.AssociationTable;
import io.claviger.broker.association.AssociationTable.Source;
import io.claviger.broker.association.ReadBarrier.Reach;
import io.claviger.broker.telemetry.LogMeters;
import io.claviger.schemas.association.Topics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** The reader's and the table's meters. */
final class ReaderMeters {

  private final MeterRegistry registry;
  private final Set<String> clusters = ConcurrentHashMap.newKeySet();

  ReaderMeters(
      MeterRegistry registry,
      AssociationTable table,
      InstantSource clock,
      BooleanSupplier up,
      LongSupplier lag) {
    this.registry = registry;
    Gauge.builder(LogMeters.TABLE_ADOPTED, () -> table.source() == Source.PEER ? 1 : 0)
        .register(registry);
    Gauge.builder(LogMeters.TABLE_STALENESS, () -> age(table, clock))
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder(LogMeters.TABLE_SIZE, table::size).register(registry);
    Gauge.builder(LogMeters.TABLE_LAG, lag::getAsLong).register(registry);
    Gauge.builder(LogMeters.LOG_UP, () -> up.getAsBoolean() ? 1 : 0).register(registry);
    table.listen(
        change -> {
          String cluster = change.key().cluster();
          if (clusters.add(cluster)) {
            Gauge.builder(LogMeters.TABLE_POSITION, () -> table.position(cluster).sequence())
                .tag(LogMeters.CLUSTER, cluster)
                .register(registry);
          }
        });
  }

  private static double age(AssociationTable table, InstantSource clock) {
    return table
        .asOf()
        .map(asOf -> Duration.between(asOf, clock.instant()).toMillis() / 1_000.0)
        .orElse(Double.NaN);
  }

  void skipped() {
    registry.counter(LogMeters.BARRIER_SKIPS).increment();
  }

  void waited(Reach reach, long nanos) {
    Timer.builder(LogMeters.BARRIER_WAITS)
        .tag(LogMeters.RESULT, reach.name().toLowerCase(Locale.ROOT))
        .register(registry)
        .record(Duration.ofNanos(nanos));
  }

  void reloaded() {
    registry.counter(LogMeters.TABLE_RELOADS).increment();
  }

  void malformed() {
    registry.counter(LogMeters.MALFORMED, LogMeters.TOPIC, Topics.CHANGES).increment();
  }
}
