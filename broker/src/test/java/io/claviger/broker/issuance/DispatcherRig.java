package io.claviger.broker.issuance;

import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.bus.SessionKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A dispatcher in a time that the test moves; the test completes what it opens. */
final class DispatcherRig {
  static final OpenResult DONE = new OpenResult.Failed("done", 0);

  final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  final InstantSource clock = () -> Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS));
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final List<PendingOpen> opened = new ArrayList<>();
  final List<Sinks.Empty<Void>> slots = new ArrayList<>();

  final StsDispatcher dispatcher;

  /** The pause before sessions opened from now on must be opened again; null: no retry. */
  @Nullable Duration again;

  DispatcherRig(int concurrency, int maxWaiting) {
    this(concurrency, maxWaiting, 100_000);
  }

  DispatcherRig(int concurrency, int maxWaiting, int callsPerSecond) {
    dispatcher =
        new StsDispatcher(
            this::open,
            pendingOpen -> pendingOpen.complete(DONE),
            new StsDispatcher.Limits(
                Meters.account(Quotas.USUAL),
                concurrency,
                maxWaiting,
                Duration.ofMillis(5),
                Duration.ofSeconds(8)),
            new QuotaShare(callsPerSecond, 1, () -> 1, () -> clock.millis() * 1_000_000),
            clock,
            time,
            meters);
  }

  private Mono<Duration> open(PendingOpen pendingOpen) {
    opened.add(pendingOpen);
    Sinks.Empty<Void> slot = Sinks.empty();
    slots.add(slot);
    Duration pause = again;
    return slot.asMono().then(Mono.justOrEmpty(pause));
  }

  Optional<OpenResult.Failed> admit(String name, RequestPriority priority) {
    return dispatcher.admit(pendingOpen(name, priority));
  }

  Optional<OpenResult.Failed> admit(String name, RequestPriority priority, Duration waits) {
    return dispatcher.admit(pendingOpen(name, priority, waits));
  }

  void admitMany(int count, String prefix, RequestPriority priority) {
    IntStream.range(0, count).forEach(i -> admit(prefix + i, priority));
  }

  PendingOpen pendingOpen(String name, RequestPriority priority) {
    return pendingOpen(name, priority, Duration.ofMinutes(1));
  }

  PendingOpen pendingOpen(String name, RequestPriority priority, Duration waits) {
    SessionPlan plan = VirtualMesh.plan(1);
    SessionKey key = new SessionKey("c1", plan.key().associationId(), 1, name);
    return new PendingOpen(
        new SessionPlan(key, plan.association(), plan.workload(), plan.sharedBy(), plan.request()),
        priority,
        clock.millis(),
        clock.millis() + waits.toMillis());
  }

  /** Returns the subjects of the opened sessions, in order. */
  List<String> names() {
    return opened.stream().map(pendingOpen -> pendingOpen.plan().key().subject()).toList();
  }

  void freeAll(int count) {
    for (int i = 0; i < count; i++) {
      passMillis(5);
      slots.get(i).tryEmitEmpty();
    }
  }

  void passMillis(long millis) {
    time.advanceTimeBy(Duration.ofMillis(millis));
  }

  double gauge(String name) {
    return meters.get(name).gauge().value();
  }

  double rejected(String cause) {
    return meters.get(Meters.STS_OPEN_REJECTED).tag(Meters.CAUSE, cause).counter().count();
  }
}
