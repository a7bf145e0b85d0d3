package io.claviger.broker.adapter.kafka;

import io.claviger.broker.audit.AuditLog;
import io.claviger.broker.audit.OfferedEvents;
import io.claviger.broker.telemetry.LogMeters;
import io.claviger.schemas.event.CredentialEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaWriteStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events to Kafka as CloudEvents. An event that was not acknowledged within two minutes is
 * given up. What edges offer takes half of the room at most: they keep it when there is none, and
 * this broker's own events are not dropped for it.
 */
public final class KafkaAuditLog implements AuditLog, OfferedEvents {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaAuditLog.class);
  private static final long RETRY_MILLIS = 1_000;
  private static final long CLOSE_MILLIS = 3_000;

  private record Identified(UUID id, CredentialEvent event) {}

  private final Vertx vertx;
  private final Map<String, Object> settings;
  private final int maxQueued;
  private final Supplier<UUID> ids;
  private final Promise<KafkaWriteStream<String, byte[]>> producer = Promise.promise();

  /** Everything is sent on it, so that events leave in the order in which they were recorded. */
  private final Context context;

  private final List<Identified> early = new ArrayList<>();
  private @Nullable KafkaWriteStream<String, byte[]> connected;
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
   * @param ids of this broker's own events
   */
  public KafkaAuditLog(
      Vertx vertx,
      KafkaClients clients,
      int maxQueued,
      Supplier<UUID> ids,
      MeterRegistry registry) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
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
    if (closed || !reserve(maxQueued)) {
      dropped.increment();
      report(true);
      return;
    }
    queue(new Identified(ids.get(), event));
  }

  @Override
  public boolean offer(UUID id, CredentialEvent event) {
    if (closed || !reserve(Math.max(1, maxQueued / 2))) {
      return false;
    }
    queue(new Identified(id, event));
    return true;
  }

  private void queue(Identified event) {
    context.runOnContext(
        turn -> {
          if (connected == null) {
            early.add(event);
          } else {
            send(connected, event);
          }
        });
  }

  private void send(KafkaWriteStream<String, byte[]> stream, Identified event) {
    stream
        .send(EventRecords.of(event.event(), event.id()))
        .onComplete(
            done -> {
              queued.decrementAndGet();
              (done.succeeded() ? sent : failed).increment();
              if (done.succeeded()) {
                report(false);
              }
            });
  }

  private void connected(KafkaWriteStream<String, byte[]> stream) {
    context.runOnContext(
        turn -> {
          connected = stream;
          early.forEach(event -> send(stream, event));
          early.clear();
          producer.complete(stream);
        });
  }

  /** Sends what waits, at most for 3 s. */
  public Future<Void> close() {
    closed = true;
    Promise<Void> recorded = Promise.promise();
    context.runOnContext(turn -> recorded.complete());
    return recorded
        .future()
        .compose(turn -> producer.future())
        .compose(stream -> Producers.close(vertx, stream, CLOSE_MILLIS))
        .otherwiseEmpty();
  }

  private boolean reserve(int most) {
    if (queued.incrementAndGet() <= most) {
      return true;
    }
    queued.decrementAndGet();
    return false;
  }

  private void connect() {
    vertx
        .executeBlocking(() -> KafkaWriteStream.<String, byte[]>create(vertx, settings))
        .onSuccess(this::connected)
        .onFailure(this::connectLater);
  }

  private void connectLater(Throwable failure) {
    if (closed) {
      failed.increment(queued.getAndSet(0));
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
