package io.claviger.edge.upstream;

import io.claviger.edge.audit.EventOutbox;
import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.edge.telemetry.EdgeMeters.AuditResult;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.NodeEvent;
import io.claviger.schemas.bus.NodeEvents;
import io.claviger.schemas.bus.NodeEventsReply;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Sends events of this node to brokers, one frame at a time, until a broker has accepted them. It
 * tries the preferred broker first. If that accepts none, it tries the other one, and both again
 * after a pause. Used on the upstream's context, except where noted.
 */
public final class EventSender {

  private static final Duration EVERY = Duration.ofMillis(200);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final Vertx vertx;
  private final Context context;
  private final BrokerLinks links;
  private final EventOutbox outbox;
  private final LongSupplier nanoTime;
  private final EdgeMeters meters;
  private final Backoff backoff;

  /** Brokers that accepted less than was sent, since a broker last accepted all. */
  private final Set<BrokerConnection> unwilling = new HashSet<>();

  private Duration asked = Duration.ZERO;
  private long notBefore;
  private boolean underWay;

  /**
   * Sends nothing until {@link #start()}.
   *
   * @param random between 0 and 1, for jitter
   */
  public EventSender(
      Vertx vertx,
      Context context,
      BrokerLinks links,
      EventOutbox outbox,
      DoubleSupplier random,
      LongSupplier nanoTime,
      EdgeMeters meters) {
    this.vertx = vertx;
    this.context = context;
    this.links = links;
    this.outbox = outbox;
    this.nanoTime = nanoTime;
    this.meters = meters;
    this.backoff = new Backoff(random);
    this.notBefore = nanoTime.getAsLong();
  }

  /** Begins to send waiting events and retries without end. From any thread. */
  public void start() {
    context.runOnContext(nothing -> vertx.setPeriodic(EVERY.toMillis(), timer -> turn()));
  }

  /** Completed when no event waits any more, or after this time. From any thread; never fails. */
  public Future<Void> flush(Duration within) {
    Promise<Void> flushed = Promise.promise();
    context.runOnContext(
        nothing -> {
          long end = nanoTime.getAsLong() + within.toNanos();
          notBefore = nanoTime.getAsLong();
          turn();
          vertx.setPeriodic(
              1,
              LOOK_EVERY.toMillis(),
              timer -> {
                if (outbox.size() == 0 || nanoTime.getAsLong() - end >= 0) {
                  vertx.cancelTimer(timer);
                  flushed.tryComplete();
                }
              });
        });
    return flushed.future();
  }

  private void turn() {
    if (underWay || nanoTime.getAsLong() - notBefore < 0) {
      return;
    }
    List<NodeEvent> batch = outbox.oldest(NodeEvents.MAX_EVENTS);
    if (batch.isEmpty()) {
      return;
    }
    BrokerConnection broker = links.next(unwilling);
    if (broker == null) {
      restAfterAllWereAsked();
      return;
    }
    underWay = true;
    broker
        .request(
            BusProtocol.NODE_EVENTS,
            new NodeEvents(BusProtocol.VERSION, batch),
            NodeEventsReply.class,
            TIMEOUT)
        .onComplete(reply -> answered(broker, batch.size(), reply));
  }

  private void restAfterAllWereAsked() {
    if (!unwilling.isEmpty()) {
      unwilling.clear();
      notBefore = nanoTime.getAsLong() + asked.plus(backoff.pause()).toNanos();
      asked = Duration.ZERO;
    }
  }

  private void answered(BrokerConnection broker, int sent, AsyncResult<NodeEventsReply> reply) {
    underWay = false;
    int taken = reply.succeeded() ? Math.min(sent, reply.result().taken()) : 0;
    outbox.taken(taken);
    for (int i = 0; i < taken; i++) {
      meters.audit(AuditResult.TAKEN);
    }
    if (taken == sent) {
      unwilling.clear();
      backoff.reset();
    } else {
      unwilling.add(broker);
      if (reply.succeeded()) {
        asked = longer(asked, Duration.ofMillis(reply.result().retryAfterMillis()));
      }
    }
    // For events that did not fit into the frame, or for the other broker.
    turn();
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
