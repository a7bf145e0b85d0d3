package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

class StsDispatcherTest {
  private static final OpenResult DONE = new OpenResult.Failed("done", 0);
  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final InstantSource clock = () -> Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private QuotaShare quota = quota(100_000);
  private @Nullable Duration again;
  private final List<PendingOpen> opened = new ArrayList<>();
  private final List<Sinks.Empty<Void>> slots = new ArrayList<>();

  @Test
  void opensAtOnceWhileASlotIsFree() {
    StsDispatcher dispatcher = dispatcher(2, 10);

    dispatcher.admit(pendingOpen("a", RequestPriority.ROUTINE));
    dispatcher.admit(pendingOpen("b", RequestPriority.ROUTINE));
    dispatcher.admit(pendingOpen("c", RequestPriority.FIRST));

    assertThat(names()).containsExactly("a", "b");
    assertThat(gauge(Meters.STS_OPEN_IN_FLIGHT)).isEqualTo(2);
    assertThat(gauge(Meters.STS_OPEN_WAITING)).isEqualTo(1);
  }

  @Test
  void opensTheMostUrgentOfWhatIsGatheredFirst() {
    StsDispatcher dispatcher = dispatcher(1, 10);
    dispatcher.admit(pendingOpen("running", RequestPriority.ROUTINE));
    dispatcher.admit(pendingOpen("routine-1", RequestPriority.ROUTINE));
    dispatcher.admit(pendingOpen("near-1", RequestPriority.NEAR_EXPIRY));
    dispatcher.admit(pendingOpen("routine-2", RequestPriority.ROUTINE));
    dispatcher.admit(pendingOpen("first-1", RequestPriority.FIRST));
    time.advanceTimeBy(Duration.ofMillis(5));

    freeAll(5);

    assertThat(names()).containsExactly("running", "first-1", "near-1", "routine-1", "routine-2");
    assertThat(gauge(Meters.STS_OPEN_IN_FLIGHT)).isZero();
    assertThat(gauge(Meters.STS_OPEN_WAITING)).isZero();
  }

  @Test
  void letsAFirstRequestOvertakeALongLine() {
    StsDispatcher dispatcher = dispatcher(1, 10_000);
    for (int i = 0; i < 2_000; i++) {
      dispatcher.admit(pendingOpen("routine-" + i, RequestPriority.ROUTINE));
    }
    time.advanceTimeBy(Duration.ofMillis(5));
    dispatcher.admit(pendingOpen("first", RequestPriority.FIRST));
    time.advanceTimeBy(Duration.ofMillis(5));

    freeAll(2_001);

    assertThat(names().indexOf("first")).isLessThan(10);
    assertThat(opened).hasSize(2_001);
  }

  @Test
  void letsAPendingOpenOvertakeThatBecameUrgentMeanwhile() {
    StsDispatcher dispatcher = dispatcher(1, 10_000);
    PendingOpen late = pendingOpen("late", RequestPriority.ROUTINE);
    for (int i = 0; i < 2_000; i++) {
      dispatcher.admit(pendingOpen("routine-" + i, RequestPriority.ROUTINE));
    }
    dispatcher.admit(late);
    time.advanceTimeBy(Duration.ofMillis(5));

    assertThat(late.raise(RequestPriority.FIRST)).isTrue();
    dispatcher.overtake(late);
    freeAll(2_001);

    assertThat(names().indexOf("late")).isLessThan(10);
    assertThat(opened).hasSize(2_001);
  }

  @Test
  void turnsAwayWhatDoesNotFit() {
    StsDispatcher dispatcher = dispatcher(2, 3);
    for (int i = 0; i < 5; i++) {
      assertThat(dispatcher.admit(pendingOpen("t" + i, RequestPriority.FIRST))).isEmpty();
    }

    assertThat(dispatcher.admit(pendingOpen("one-too-many", RequestPriority.FIRST))).isPresent();

    slots.getFirst().tryEmitEmpty();
    assertThat(dispatcher.admit(pendingOpen("fits-again", RequestPriority.FIRST))).isEmpty();
  }

  @Test
  void neverOpensMoreAtOnceThanItHasSlots() {
    StsDispatcher dispatcher = dispatcher(3, 100);
    List<RequestPriority> priorities = List.of(RequestPriority.values());
    for (int i = 0; i < 50; i++) {
      dispatcher.admit(pendingOpen("t" + i, priorities.get(i % priorities.size())));
    }
    time.advanceTimeBy(Duration.ofMillis(5));

    for (int freed = 0; freed < 50; freed++) {
      assertThat(opened.size() - freed).isLessThanOrEqualTo(3);
      time.advanceTimeBy(Duration.ofMillis(5));
      slots.get(freed).tryEmitEmpty();
    }
    assertThat(opened).hasSize(50);
  }

  @Test
  void forgetsAPendingOpenThatEndedInItsQueue() {
    StsDispatcher dispatcher = dispatcher(1, 10);
    dispatcher.admit(pendingOpen("running", RequestPriority.FIRST));
    PendingOpen dead = pendingOpen("dead", RequestPriority.FIRST);
    dispatcher.admit(dead);
    dispatcher.admit(pendingOpen("alive", RequestPriority.FIRST));
    dead.complete(DONE);
    dispatcher.leave(dead);
    time.advanceTimeBy(Duration.ofMillis(5));

    freeAll(2);

    assertThat(names()).containsExactly("running", "alive");
    assertThat(gauge(Meters.STS_OPEN_WAITING)).isZero();
  }

  @Test
  void takesEveryEighthByItsAge() {
    StsDispatcher dispatcher = dispatcher(1, 100);
    dispatcher.admit(pendingOpen("running", RequestPriority.FIRST));
    dispatcher.admit(pendingOpen("routine", RequestPriority.ROUTINE));
    time.advanceTimeBy(Duration.ofMillis(1));
    for (int i = 0; i < 20; i++) {
      dispatcher.admit(pendingOpen("first-" + i, RequestPriority.FIRST));
    }

    freeAll(22);

    assertThat(names().indexOf("routine")).isBetween(5, 8);
    assertThat(opened).hasSize(22);
  }

  @Test
  void givesRefreshesTheirTurnsHoweverManyPodsWait() {
    quota = quota(10);
    StsDispatcher dispatcher = dispatcher(1, 1_000);
    IntStream.range(0, 200)
        .forEach(i -> dispatcher.admit(pendingOpen("first-" + i, RequestPriority.FIRST)));
    time.advanceTimeBy(Duration.ofMillis(1));

    assertThat(dispatcher.admit(pendingOpen("refresh", RequestPriority.ROUTINE))).isEmpty();
    for (int i = 0; i < 12; i++) {
      time.advanceTimeBy(Duration.ofMillis(150));
      slots.get(i).tryEmitEmpty();
    }

    assertThat(names().indexOf("refresh")).isBetween(5, 9);
  }

  @Test
  void opensNoMoreASecondThanTheQuotaAllowsHoweverManySlotsAreFree() {
    quota = quota(50);
    StsDispatcher dispatcher = dispatcher(1_000, 1_000);
    for (int i = 0; i < 200; i++) {
      dispatcher.admit(pendingOpen("t" + i, RequestPriority.FIRST));
    }

    for (int second = 1; second <= 4; second++) {
      time.advanceTimeBy(Duration.ofSeconds(1));
      assertThat(opened.size()).isBetween(50 * second - 5, 50 * second + 3);
    }
  }

  @Test
  void gathersPendingOpensWhileTheQuotaIsSpent() {
    quota = quota(2_000);
    StsDispatcher dispatcher = dispatcher(1_000, 1_000);
    for (int i = 0; i < 400; i++) {
      dispatcher.admit(pendingOpen("t" + i, RequestPriority.FIRST));
    }
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(opened).hasSize(400);
    assertThat(meters.get(Meters.STS_OPEN_BATCH).summary().mean()).isBetween(2.0, 12.0);
  }

  @Test
  void turnsAwayAtOnceWhatWouldNotHaveItsTurnInTime() {
    quota = quota(10);
    StsDispatcher dispatcher = dispatcher(1, 1_000);
    IntStream.range(0, 200)
        .forEach(i -> dispatcher.admit(pendingOpen("routine-" + i, RequestPriority.ROUTINE)));

    assertThat(
            dispatcher.admit(pendingOpen("late", RequestPriority.ROUTINE)).orElseThrow().message())
        .contains("quota of STS");
    assertThat(dispatcher.admit(pendingOpen("first", RequestPriority.FIRST))).isEmpty();
    assertThat(meters.get(Meters.STS_OPEN_REJECTED).tag(Meters.CAUSE, "quota").counter().count())
        .isBetween(115.0, 125.0);
  }

  @Test
  void queuesAPendingOpenAgainAfterItsPauseAndGivesItsSlotToAnother() {
    again = Duration.ofMillis(200);
    StsDispatcher dispatcher = dispatcher(1, 10);
    dispatcher.admit(pendingOpen("throttled", RequestPriority.ROUTINE));
    dispatcher.admit(pendingOpen("other", RequestPriority.ROUTINE));
    again = null;
    slots.getFirst().tryEmitEmpty();
    slots.getLast().tryEmitEmpty();
    assertThat(names()).containsExactly("throttled", "other");

    time.advanceTimeBy(Duration.ofMillis(199));
    assertThat(opened).hasSize(2);
    time.advanceTimeBy(Duration.ofMillis(1));
    assertThat(names()).containsExactly("throttled", "other", "throttled");
    slots.getLast().tryEmitEmpty();
    assertThat(gauge(Meters.STS_OPEN_WAITING)).isZero();
  }

  @Test
  void measuresHowLongEachPriorityWaits() {
    StsDispatcher dispatcher = dispatcher(1, 10);
    dispatcher.admit(pendingOpen("running", RequestPriority.FIRST));
    dispatcher.admit(pendingOpen("routine", RequestPriority.ROUTINE));
    time.advanceTimeBy(Duration.ofMillis(700));

    freeAll(2);

    assertThat(
            meters
                .get(Meters.STS_OPEN_WAIT)
                .tag(Meters.PRIORITY, "routine")
                .timer()
                .max(TimeUnit.MILLISECONDS))
        .isBetween(700.0, 710.0);
  }

  @Test
  void givesUpWhatNobodyWaitsForWhenItsTurnComesAndTakesNoQuotaForIt() {
    quota = quota(10);
    StsDispatcher dispatcher = dispatcher(1, 10);
    dispatcher.admit(pendingOpen("running", RequestPriority.FIRST));
    PendingOpen late = pendingOpen("late", RequestPriority.FIRST, Duration.ofMillis(900));
    PendingOpen joined = pendingOpen("joined", RequestPriority.FIRST, Duration.ofMillis(900));
    dispatcher.admit(late);
    dispatcher.admit(joined);
    joined.waitUntil(clock.millis() + 2_000);
    time.advanceTimeBy(Duration.ofMillis(900));
    assertThat(late.isDone()).isFalse();

    slots.getFirst().tryEmitEmpty();

    assertThat(names()).containsExactly("running", "joined");
    assertThat(late.isDone()).isTrue();
    assertThat(joined.isDone()).isFalse();
    assertThat(gauge(Meters.STS_OPEN_WAITING)).isZero();
    assertThat(rejected("late")).isEqualTo(1);
  }

  @Test
  void saysAtOnceWhatItCannotFinishInTime() {
    StsDispatcher dispatcher = dispatcher(2, 1_000);
    warmUp(dispatcher, 40, Duration.ofSeconds(1));
    for (int i = 0; i < 3; i++) {
      assertThat(
              dispatcher.admit(pendingOpen("t" + i, RequestPriority.FIRST, Duration.ofMillis(900))))
          .isEmpty();
    }
    time.advanceTimeBy(Duration.ofMillis(5));
    dispatcher.admit(pendingOpen("t3", RequestPriority.FIRST, Duration.ofMillis(900)));

    OpenResult.Failed refused =
        dispatcher
            .admit(pendingOpen("t4", RequestPriority.FIRST, Duration.ofMillis(900)))
            .orElseThrow();

    assertThat(refused.retryAfterMillis()).isBetween(1_500L, 3_000L);
    assertThat(rejected("slow")).isEqualTo(1);
    assertThat(dispatcher.admit(pendingOpen("t5", RequestPriority.FIRST, Duration.ofSeconds(4))))
        .isEmpty();
  }

  private void warmUp(StsDispatcher dispatcher, int openings, Duration each) {
    for (int i = 0; i < openings; i++) {
      dispatcher.admit(pendingOpen("warm-" + i, RequestPriority.FIRST));
      time.advanceTimeBy(each);
      slots.getLast().tryEmitEmpty();
    }
  }

  private double rejected(String cause) {
    return meters.get(Meters.STS_OPEN_REJECTED).tag(Meters.CAUSE, cause).counter().count();
  }

  private StsDispatcher dispatcher(int concurrency, int maxWaiting) {
    return new StsDispatcher(
        this::open,
        pendingOpen -> pendingOpen.complete(DONE),
        new StsDispatcher.Limits(
            Meters.account(Quotas.USUAL),
            concurrency,
            maxWaiting,
            Duration.ofMillis(5),
            Duration.ofSeconds(8)),
        quota,
        clock,
        time,
        meters);
  }

  private QuotaShare quota(int perSecond) {
    return new QuotaShare(perSecond, 1, () -> 1, () -> clock.millis() * 1_000_000);
  }

  private Mono<Duration> open(PendingOpen pendingOpen) {
    opened.add(pendingOpen);
    Sinks.Empty<Void> slot = Sinks.empty();
    slots.add(slot);
    Duration pause = again;
    return slot.asMono().then(Mono.justOrEmpty(pause));
  }

  private void freeAll(int count) {
    for (int i = 0; i < count; i++) {
      time.advanceTimeBy(Duration.ofMillis(5));
      slots.get(i).tryEmitEmpty();
    }
  }

  private double gauge(String name) {
    return meters.get(name).gauge().value();
  }

  private List<String> names() {
    return opened.stream().map(pendingOpen -> pendingOpen.plan().key().subject()).toList();
  }

  private PendingOpen pendingOpen(String name, RequestPriority priority) {
    return pendingOpen(name, priority, Duration.ofMinutes(1));
  }

  private PendingOpen pendingOpen(String name, RequestPriority priority, Duration waits) {
    SessionPlan plan = VirtualMesh.plan(1);
    SessionKey key = new SessionKey("c1", plan.key().associationId(), 1, name);
    return new PendingOpen(
        new SessionPlan(key, plan.association(), plan.workload(), plan.sharedBy(), plan.request()),
        priority,
        clock.millis(),
        clock.millis() + waits.toMillis());
  }
}
