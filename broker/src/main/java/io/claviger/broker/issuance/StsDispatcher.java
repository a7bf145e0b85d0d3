package io.claviger.broker.issuance;

import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.RequestPriority;
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
 * Sends pending opens to STS within one account's quota. While a slot and quota are free, a pending
 * open goes straight through. Otherwise it waits in the queue of its priority. As slots and quota
 * become free, the highest priorities go first, a batch at a time. Every eighth turn goes to the
 * oldest pending open of the lower priorities, so that no priority starves.
 *
 * <p>Slots, waiting pending opens and time are bounded. A pending open is rejected at once if it
 * would not get its turn within its timeout. It is also rejected if it would finish more than
 * {@link #GRACE} after the last request has stopped waiting. If no request waits for a pending open
 * when its turn comes, it is dropped and takes neither slot nor quota.
 */
final class StsDispatcher implements AutoCloseable {

  /**
   * The bounds of a dispatcher.
   *
   * @param account whose quota it is, as a tag of meters
   * @param slots how many sessions are opened at once
   * @param maxWaiting how many pending opens may wait in addition
   * @param window how long pending opens are gathered while the quota is spent
   * @param timeout the total time for a pending open to wait and be opened
   */
  record Limits(Tag account, int slots, int maxWaiting, Duration window, Duration timeout) {}

  private static final int BY_AGE = 8;
  private static final Duration RETRY = Duration.ofMillis(500);

  /** A session that is late by less than this still serves clients that retry. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** The weight of the latest opening in the average duration. */
  private static final double LATEST = 0.1;

  private final Function<PendingOpen, Mono<Duration>> open;
  private final Consumer<PendingOpen> giveUp;
  private final Limits limits;
  private final QuotaShare quota;
  private final InstantSource clock;
  private final Scheduler scheduler;
  private final Scheduler.Worker serial;
  private final PriorityQueues queues = new PriorityQueues();
  private final AtomicInteger admitted = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Map<RequestPriority, Timer> waits = new EnumMap<>(RequestPriority.class);
  private final DistributionSummary batches;
  private final Counter full;
  private final Counter spent;
  private final Counter slow;
  private final Counter late;
  private volatile double openingMillis;
  private int turns;
  private boolean asleep;

  /**
   * Takes pending opens until it is closed.
   *
   * @param open opens a pending open's session. It ends when the pending open has ended, or emits
   *     the pause before it is queued again
   * @param giveUp completes a pending open for which no request waits any more
   */
  StsDispatcher(
      Function<PendingOpen, Mono<Duration>> open,
      Consumer<PendingOpen> giveUp,
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
    for (RequestPriority priority : RequestPriority.values()) {
      waits.put(
          priority,
          Meters.priority(Meters.STS_OPEN_WAIT, priority, limits.account()).register(meters));
    }
    full = meters.counter(Meters.STS_OPEN_REJECTED, account.and(Meters.CAUSE, "full"));
    spent = meters.counter(Meters.STS_OPEN_REJECTED, account.and(Meters.CAUSE, "quota"));
    slow = meters.counter(Meters.STS_OPEN_REJECTED, account.and(Meters.CAUSE, "slow"));
    late = meters.counter(Meters.STS_OPEN_REJECTED, account.and(Meters.CAUSE, "late"));
    batches = DistributionSummary.builder(Meters.STS_OPEN_BATCH).tags(account).register(meters);
    meters.gauge(Meters.STS_OPEN_WAITING, account, admitted, all -> all.get() - inFlight.get());
    meters.gauge(Meters.STS_OPEN_IN_FLIGHT, account, inFlight);
  }

  /** Queues a pending open; otherwise returns why it is rejected. */
  Optional<OpenResult.Failed> admit(PendingOpen pendingOpen) {
    if (admitted.incrementAndGet() > limits.slots() + limits.maxWaiting()) {
      return rejected(full, "too many sessions wait to be opened", RETRY);
    }
    int ahead = queues.ahead(pendingOpen.priority(), BY_AGE);
    double seconds = ahead / quota.rate();
    if (seconds > limits.timeout().toMillis() / 1000.0) {
      String message =
          "%d sessions wait for the STS quota before this one, which takes %d s"
              .formatted(ahead, Math.round(seconds));
      return rejected(spent, message, Duration.ofMillis((long) (seconds * 1000)));
    }
    double done =
        Math.max(seconds, (ahead + inFlight.get()) * openingMillis / 1000 / limits.slots());
    long left = pendingOpen.untilMillis() + GRACE.toMillis() - clock.millis();
    if (done * 1000 > left) {
      String message =
          "%d sessions are opened before this one, which takes %d s"
              .formatted(ahead + inFlight.get(), Math.round(done));
      return rejected(slow, message, Duration.ofMillis(Math.max(1, (long) (done * 1000))));
    }
    queues.add(pendingOpen);
    later(this::run);
    return Optional.empty();
  }

  private Optional<OpenResult.Failed> rejected(Counter counter, String message, Duration retry) {
    admitted.decrementAndGet();
    counter.increment();
    return Optional.of(new OpenResult.Failed(message, retry.toMillis()));
  }

  /** Moves a waiting pending open to the queue of its current priority. */
  void overtake(PendingOpen pendingOpen) {
    queues.move(pendingOpen);
  }

  /** Removes a pending open for which no request waits any more. */
  void leave(PendingOpen pendingOpen) {
    if (queues.remove(pendingOpen)) {
      admitted.decrementAndGet();
    }
  }

  private void run() {
    int started = 0;
    while (inFlight.get() < limits.slots() && !asleep) {
      PendingOpen next = queues.next((turns + 1) % BY_AGE == 0);
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
      } else if (queues.remove(next)) {
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

  private void start(PendingOpen pendingOpen) {
    inFlight.incrementAndGet();
    long began = clock.millis();
    Objects.requireNonNull(waits.get(pendingOpen.priority()))
        .record(Math.max(0, began - pendingOpen.sinceMillis()), TimeUnit.MILLISECONDS);
    Mono.defer(() -> open.apply(pendingOpen))
        .map(Optional::of)
        .onErrorReturn(Optional.empty())
        .defaultIfEmpty(Optional.empty())
        .subscribe(pause -> later(() -> ended(pendingOpen, began, pause.orElse(null))));
  }

  private void ended(PendingOpen pendingOpen, long began, @Nullable Duration pause) {
    openingMillis += LATEST * (Math.max(0, clock.millis() - began) - openingMillis);
    inFlight.decrementAndGet();
    if (pause == null || pendingOpen.isDone()) {
      admitted.decrementAndGet();
    } else {
      scheduler.schedule(() -> again(pendingOpen), pause.toMillis(), TimeUnit.MILLISECONDS);
    }
    run();
  }

  private void again(PendingOpen pendingOpen) {
    if (pendingOpen.isDone()) {
      admitted.decrementAndGet();
    } else {
      queues.add(pendingOpen);
      later(this::run);
    }
  }

  /** After close, the code that closed this completes the pending opens that still wait. */
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
