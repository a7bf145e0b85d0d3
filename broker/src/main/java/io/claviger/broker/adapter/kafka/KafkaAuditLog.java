package io.claviger.broker.adapter.kafka;

import io.claviger.broker.audit.AuditLog;
import io.claviger.broker.telemetry.LogMeters;
import io.claviger.schemas.event.CredentialEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaWriteStream;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events to Kafka as CloudEvents. An event that was not acknowledged within two minutes is
 * given up.
 */
public final class KafkaAuditLog implements AuditLog {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaAuditLog.class);
  private static final long RETRY_MILLIS = 1_000;
  private static final long CLOSE_MILLIS = 3_000;

  private final Vertx vertx;
  private final Map<String, Object> settings;
  private final int maxQueued;
  private final Supplier<UUID> ids;
  private final Promise<KafkaWriteStream<String, byte[]>> producer = Promise.promise();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicBoolean dropping = new AtomicBoolean();
  private final Counter sent;
  private final Counter dropped;
  private final Counter failed;
  private volatile boolean closed;

  /**
   * An audit log; it connects by itself, and again until it succeeds.
   *
   * @param maxQueued how many events may wait; more are dropped and counted
   * @param ids of events
   */
  public KafkaAuditLog(
      Vertx vertx,
      KafkaClients clients,
      int maxQueued,
      Supplier<UUID> ids,
      MeterRegistry registry) {
    this.vertx = vertx;
    this.settings = clients.auditProducer();
    this.maxQueued = maxQueued;
    this.ids = ids;
    this.sent = registry.counter(LogMeters.EVENTS_SENT);
    this.dropped = registry.counter(LogMeters.EVENTS_DROPPED);
    this.failed = registry.counter(LogMeters.EVENTS_FAILED);
    Gauge.builder(LogMeters.EVENTS_QUEUED, queued::get).register(registry);
    connect();
  }

  @Override
  public void record(CredentialEvent event) {
    if (closed || !reserve()) {
      dropped.increment();
      report(true);
      return;
    }
    producer
        .future()
        .compose(stream -> stream.send(EventRecords.of(event, ids.get())))
        .onComplete(
            done -> {
              queued.decrementAndGet();
              (done.succeeded() ? sent : failed).increment();
              if (done.succeeded()) {
                report(false);
              }
            });
  }

  /** Sends what waits, at most for 3 s. */
  public Future<Void> close() {
    closed = true;
    return producer
        .future()
        .compose(stream -> Producers.close(vertx, stream, CLOSE_MILLIS))
        .otherwiseEmpty();
  }

  private boolean reserve() {
    if (queued.incrementAndGet() <= maxQueued) {
      return true;
    }
    queued.decrementAndGet();
    return false;
  }

  private void connect() {
    vertx
        .executeBlocking(() -> KafkaWriteStream.<String, byte[]>create(vertx, settings))
        .onSuccess(producer::complete)
        .onFailure(this::connectLater);
  }

  private void connectLater(Throwable failure) {
    if (closed) {
      producer.fail(failure);
    } else {
      vertx.setTimer(RETRY_MILLIS, timer -> connect());
    }
  }

  /** Once when it begins, once when it is over. */
  private void report(boolean drops) {
    if (dropping.compareAndSet(!drops, drops)) {
      LOG.atWarn()
          .addKeyValue("dropping", drops)
          .log(drops ? "audit events are being dropped" : "audit events are sent again");
    }
  }
}
