package io.claviger.broker.adapter.kafka;

import io.claviger.broker.audit.AuditLog;
import io.claviger.broker.audit.ReceivedEvents;
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
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events to Kafka as CloudEvents, in the order of recording. It gathers events for {@value
 * #GATHER_MILLIS} ms, so that a recording thread starts no work of its own. An event without an
 * acknowledgement after two minutes is given up. Events from edges take at most half of the queue.
 * If it is full, edges keep their events, and this broker drops none of its own for them.
 */
public final class KafkaAuditLog implements AuditLog, ReceivedEvents {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaAuditLog.class);
  private static final long RETRY_MILLIS = 1_000;
  private static final long CLOSE_MILLIS = 3_000;
  private static final long GATHER_MILLIS = 20;

  /** While Kafka is unavailable, each event may block as long as {@link KafkaClients} allows. */
  private static final long LONGEST_TURN_NANOS = 1_000_000_000;

  private record Identified(UUID id, CredentialEvent event) {}

  private final Vertx vertx;
  private final Map<String, Object> settings;
  private final int maxQueued;
  private final Supplier<UUID> ids;
  private final Promise<KafkaWriteStream<String, byte[]>> producer = Promise.promise();

  private final Promise<Void> emptied = Promise.promise();
  private final Context context;
  private final Queue<Identified> waiting = new ConcurrentLinkedQueue<>();

  /** Whether waiting events are being sent or about to be; one thread at a time. */
  private final AtomicBoolean sending = new AtomicBoolean();

  private volatile @Nullable KafkaWriteStream<String, byte[]> connected;
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicBoolean dropping = new AtomicBoolean();
  private final Counter sent;
  private final Counter dropped;
  private final Counter failed;
  private volatile boolean closed;

  /**
   * Creates an audit log, which connects by itself and retries until it succeeds.
   *
   * @param maxQueued the maximum number of waiting events; further events are dropped and counted
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
    waiting.add(event);
    sendSoon();
  }

  private void sendSoon() {
    if (sending.compareAndSet(false, true)) {
      // On this log's own context: a timer of the recording verticle would end with that verticle.
      context.runOnContext(
          nothing ->
              vertx.setTimer(
                  GATHER_MILLIS, timer -> context.executeBlocking(this::sendWaiting, false)));
    }
  }

  private @Nullable Void sendWaiting() {
    KafkaWriteStream<String, byte[]> stream = connected;
    long began = System.nanoTime();
    while (stream != null && !waiting.isEmpty() && System.nanoTime() - began < LONGEST_TURN_NANOS) {
      send(stream.unwrap(), waiting.remove());
    }
    sending.set(false);
    // An event or the producer may have arrived while this run was about to end.
    if (waiting.isEmpty()) {
      if (closed) {
        emptied.tryComplete();
      }
    } else if (connected != null) {
      sendSoon();
    }
    return null;
  }

  private void send(Producer<String, byte[]> to, Identified event) {
    try {
      to.send(
          EventRecords.of(event.event(), event.id()),
          (metadata, failure) -> ended(failure == null));
    } catch (RuntimeException closedOrBroken) {
      ended(false);
    }
  }

  private void ended(boolean acknowledged) {
    queued.decrementAndGet();
    (acknowledged ? sent : failed).increment();
    if (acknowledged) {
      report(false);
    }
  }

  private void connected(KafkaWriteStream<String, byte[]> stream) {
    connected = stream;
    sendSoon();
    producer.complete(stream);
  }

  /** Sends the waiting events, for at most 3 s. */
  public Future<Void> close() {
    closed = true;
    sendSoon();
    return producer
        .future()
        .compose(stream -> Producers.close(vertx, stream, emptied.future(), CLOSE_MILLIS))
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
      waiting.clear();
      failed.increment(queued.getAndSet(0));
      producer.fail(failure);
    } else {
      vertx.setTimer(RETRY_MILLIS, timer -> connect());
    }
  }

  /** Logs once when drops start and once when they end. */
  private void report(boolean drops) {
    if (dropping.compareAndSet(!drops, drops)) {
      LOG.atWarn()
          .addKeyValue("dropping", drops)
          .log(drops ? "audit events are being dropped" : "audit events are sent again");
    }
  }
}
