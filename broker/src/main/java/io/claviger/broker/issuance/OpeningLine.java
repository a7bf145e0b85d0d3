package io.claviger.broker.issuance;

import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.bus.Lane;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The line in front of STS for one account's quota. While a slot and the quota are free a ticket
 * goes straight through; otherwise tickets stand in the lane of their urgency, and as slots and
 * quota become free the most urgent go, a batch at a time. Every eighth turn is that of who has
 * waited longest of the less urgent, so that no lane starves.
 *
 * <p>Bounded: in slots, in tickets that wait, and in time: whoever could not have its turn within
 * its patience, or would be done more than {@link #GRACE} after everybody has stopped waiting for
 * it, is told so at once. One that nobody waits for any more when its turn comes is given up, and
 * takes neither slot nor quota.
 */
final class OpeningLine implements AutoCloseable {

  /**
   * How the line works.
   *
   * @param account whose quota it is, as a tag of meters
   * @param slots how many are opened at once
   * @param maxWaiting how many wait besides
   * @param window how long tickets are gathered while the quota is spent
   * @param patience how long a ticket may wait and be opened
   */
  record Limits(Tag account, int slots, int maxWaiting, Duration window, Duration patience) {}

  private static final int BY_AGE = 8;
  private static final Duration RETRY = Duration.ofMillis(500);

  /** What is late by less is had by those who ask again. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** How much the last opening counts in how long one takes. */
  private static final double LATEST = 0.1;

  private final Function<Ticket, Mono<Duration>> open;
  private final Consumer<Ticket> giveUp;
  private final Limits limits;
  private final QuotaShare quota;
  private final InstantSource clock;
  private final Scheduler scheduler;
  private final Scheduler.Worker serial;
  private final Lanes lanes = new Lanes();
  private final AtomicInteger admitted = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Map<Lane, Timer> waits = new EnumMap<>(Lane.class);
  private final DistributionSummary batches;
  private final Counter full;
  private final Counter spent;
  private final Counter slow;
  private final Counter late;
  private volatile double openingMillis;
  private int turns;
  private boolean asleep;

  /**
   * Opens the line.
   *
   * @param open opens a ticket's session: ends when that has ended, or with how long the ticket
   *     pauses before it stands in line again
   * @param giveUp answers a ticket that nobody waits for any more
   */
  OpeningLine(
      Function<Ticket, Mono<Duration>> open,
      Consumer<Ticket> giveUp,
      Limits limits,
      QuotaShare quota,
      InstantSource clock,
      Scheduler scheduler,
      MeterRegistry meters) {
    this.open = open;
    this.giveUp = giveUp;
    this.limits = limits;
    this.quota = quota;
    this.clock = clock;
    this.scheduler = scheduler;
    this.serial = scheduler.createWorker();
    Tags account = Tags.of(limits.account());
    for (Lane lane : Lane.values()) {
      waits.put(lane, Meters.lane(Meters.OPENING_WAIT, lane, limits.account()).register(meters));
    }
    full = meters.counter(Meters.OPENING_TURNED_AWAY, account.and(Meters.CAUSE, "full"));
    spent = meters.counter(Meters.OPENING_TURNED_AWAY, account.and(Meters.CAUSE, "quota"));
    slow = meters.counter(Meters.OPENING_TURNED_AWAY, account.and(Meters.CAUSE, "slow"));
    late = meters.counter(Meters.OPENING_TURNED_AWAY, account.and(Meters.CAUSE, "late"));
    batches = DistributionSummary.builder(Meters.OPENING_BATCH).tags(account).register(meters);
    meters.gauge(Meters.OPENING_WAITING, account, admitted, all -> all.get() - inFlight.get());
    meters.gauge(Meters.OPENING_IN_FLIGHT, account, inFlight);
  }

  /** Lets a ticket stand in line; otherwise says why not. */
  Optional<Opening.Failed> admit(Ticket ticket) {
    if (admitted.incrementAndGet() > limits.slots() + limits.maxWaiting()) {
      return turnedAway(full, "too many sessions wait to be opened", RETRY);
    }
    int ahead = lanes.ahead(ticket.lane(), BY_AGE);
    double seconds = ahead / quota.rate();
    if (seconds > limits.patience().toMillis() / 1000.0) {
      String message =
          "%d sessions wait before this one for the quota of STS, which takes %d s"
              .formatted(ahead, Math.round(seconds));
      return turnedAway(spent, message, Duration.ofMillis((long) (seconds * 1000)));
    }
    double done =
        Math.max(seconds, (ahead + inFlight.get()) * openingMillis / 1000 / limits.slots());
    long left = ticket.untilMillis() + GRACE.toMillis() - clock.millis();
    if (done * 1000 > left) {
      String message =
          "%d sessions are opened before this one, which takes %d s"
              .formatted(ahead + inFlight.get(), Math.round(done));
      return turnedAway(slow, message, Duration.ofMillis(Math.max(1, (long) (done * 1000))));
    }
    lanes.add(ticket);
    later(this::run);
    return Optional.empty();
  }

  private Optional<Opening.Failed> turnedAway(Counter counter, String message, Duration retry) {
    admitted.decrementAndGet();
    counter.increment();
    return Optional.of(new Opening.Failed(message, retry));
  }

  /** Lets a ticket that waits stand in the lane that it is in now. */
  void overtake(Ticket ticket) {
    lanes.move(ticket);
  }

  /** Nobody waits for this one any more. */
  void leave(Ticket ticket) {
    if (lanes.remove(ticket)) {
      admitted.decrementAndGet();
    }
  }

  private void run() {
    int started = 0;
    while (inFlight.get() < limits.slots() && !asleep) {
      Ticket next = lanes.next((turns + 1) % BY_AGE == 0);
      if (next == null) {
        break;
      }
      if (clock.millis() >= next.untilMillis()) {
        late.increment();
        giveUp.accept(next);
        leave(next);
        continue;
      }
      Duration wait = quota.take();
      if (!wait.isZero()) {
        sleep(wait);
      } else if (lanes.remove(next)) {
        turns++;
        start(next);
        started++;
      }
    }
    if (started > 0) {
      batches.record(started);
    }
  }

  private void sleep(Duration wait) {
    asleep = true;
    long nanos = Math.max(wait.toNanos(), limits.window().toNanos());
    serial.schedule(
        () -> {
          asleep = false;
          run();
        },
        nanos,
        TimeUnit.NANOSECONDS);
  }

  private void start(Ticket ticket) {
    inFlight.incrementAndGet();
    long began = clock.millis();
    Objects.requireNonNull(waits.get(ticket.lane()))
        .record(Math.max(0, began - ticket.sinceMillis()), TimeUnit.MILLISECONDS);
    Mono.defer(() -> open.apply(ticket))
        .map(Optional::of)
        .onErrorReturn(Optional.empty())
        .defaultIfEmpty(Optional.empty())
        .subscribe(pause -> later(() -> ended(ticket, began, pause.orElse(null))));
  }

  private void ended(Ticket ticket, long began, @Nullable Duration pause) {
    openingMillis += LATEST * (Math.max(0, clock.millis() - began) - openingMillis);
    inFlight.decrementAndGet();
    if (pause == null || ticket.isDone()) {
      admitted.decrementAndGet();
    } else {
      scheduler.schedule(() -> again(ticket), pause.toMillis(), TimeUnit.MILLISECONDS);
    }
    run();
  }

  private void again(Ticket ticket) {
    if (ticket.isDone()) {
      admitted.decrementAndGet();
    } else {
      lanes.add(ticket);
      later(this::run);
    }
  }

  /** Who waits when the line is closed is answered by who closes it. */
  private void later(Runnable step) {
    if (!serial.isDisposed()) {
      serial.schedule(step);
    }
  }

  @Override
  public void close() {
    serial.dispose();
  }
}
