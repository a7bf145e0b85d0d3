package io.claviger.broker.adapter.kafka;

import io.claviger.broker.association.Decision;
import io.claviger.broker.telemetry.LogMeters;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.AssociationOutcome.Bound;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.AssociationOutcome.Settled;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** The writer's meters. */
final class WriterMeters {

  private final MeterRegistry registry;
  private final AtomicInteger partitions = new AtomicInteger();

  WriterMeters(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder(LogMeters.WRITER_PARTITIONS, partitions::get).register(registry);
  }

  void partitions(int now) {
    partitions.set(now);
  }

  void restarted() {
    registry.counter(LogMeters.WRITER_RESTARTS).increment();
  }

  void writtenAgain(int entries) {
    registry.counter(LogMeters.WRITTEN_AGAIN).increment(entries);
  }

  void malformed(String topic) {
    registry.counter(LogMeters.MALFORMED, LogMeters.TOPIC, topic).increment();
  }

  void decided(Decision decision) {
    String result =
        switch (decision.answer().result()) {
          case Accepted accepted -> accepted.effect().text();
          case Settled settled -> "revocation-" + settled.effect().text();
          case Bound bound -> "bound-" + bound.effect().text();
          case Refused refused -> refused.code();
        };
    registry.counter(LogMeters.COMMANDS, LogMeters.RESULT, result).increment();
  }
}
