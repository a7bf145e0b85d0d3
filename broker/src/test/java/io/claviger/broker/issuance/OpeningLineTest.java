package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.bus.Lane;
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

class OpeningLineTest {
  private static final Opening DONE = new Opening.Failed("done", Duration.ZERO);
  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final InstantSource clock = () -> Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private QuotaShare quota = quota(100_000);
  private @Nullable Duration again;
  private final List<Ticket> opened = new ArrayList<>();
  private final List<Sinks.Empty<Void>> slots = new ArrayList<>();

  @Test
  void opensAtOnceWhileASlotIsFree() {
    OpeningLine line = line(2, 10);

    line.admit(ticket("a", Lane.ROUTINE));
    line.admit(ticket("b", Lane.ROUTINE));
    line.admit(ticket("c", Lane.FIRST));

    assertThat(names()).containsExactly("a", "b");
    assertThat(gauge(Meters.OPENING_IN_FLIGHT)).isEqualTo(2);
    assertThat(gauge(Meters.OPENING_WAITING)).isEqualTo(1);
  }

  @Test
  void opensTheMostUrgentOfWhatIsGatheredFirst() {
    OpeningLine line = line(1, 10);
    line.admit(ticket("running", Lane.ROUTINE));
    line.admit(ticket("routine-1", Lane.ROUTINE));
    line.admit(ticket("near-1", Lane.NEAR_EXPIRY));
    line.admit(ticket("routine-2", Lane.ROUTINE));
    line.admit(ticket("first-1", Lane.FIRST));
    time.advanceTimeBy(Duration.ofMillis(5));

    freeAll(5);

    assertThat(names()).containsExactly("running", "first-1", "near-1", "routine-1", "routine-2");
    assertThat(gauge(Meters.OPENING_IN_FLIGHT)).isZero();
    assertThat(gauge(Meters.OPENING_WAITING)).isZero();
  }

  @Test
  void letsAFirstRequestOvertakeALongLine() {
    OpeningLine line = line(1, 10_000);
    for (int i = 0; i < 2_000; i++) {
      line.admit(ticket("routine-" + i, Lane.ROUTINE));
    }
    time.advanceTimeBy(Duration.ofMillis(5));
    line.admit(ticket("first", Lane.FIRST));
    time.advanceTimeBy(Duration.ofMillis(5));

    freeAll(2_001);

    assertThat(names().indexOf("first")).isLessThan(10);
    assertThat(opened).hasSize(2_001);
  }

  @Test
  void letsATicketOvertakeThatBecameUrgentInTheLine() {
    OpeningLine line = line(1, 10_000);
    Ticket late = ticket("late", Lane.ROUTINE);
    for (int i = 0; i < 2_000; i++) {
      line.admit(ticket("routine-" + i, Lane.ROUTINE));
    }
    line.admit(late);
    time.advanceTimeBy(Duration.ofMillis(5));

    assertThat(late.hurry(Lane.FIRST)).isTrue();
    line.overtake(late);
    freeAll(2_001);

    assertThat(names().indexOf("late")).isLessThan(10);
    assertThat(opened).hasSize(2_001);
  }

  @Test
  void turnsAwayWhatDoesNotFit() {
    OpeningLine line = line(2, 3);
    for (int i = 0; i < 5; i++) {
      assertThat(line.admit(ticket("t" + i, Lane.FIRST))).isEmpty();
    }

    assertThat(line.admit(ticket("one-too-many", Lane.FIRST))).isPresent();

    slots.getFirst().tryEmitEmpty();
    assertThat(line.admit(ticket("fits-again", Lane.FIRST))).isEmpty();
  }

  @Test
  void neverOpensMoreAtOnceThanItHasSlots() {
    OpeningLine line = line(3, 100);
    List<Lane> lanes = List.of(Lane.values());
    for (int i = 0; i < 50; i++) {
      line.admit(ticket("t" + i, lanes.get(i % lanes.size())));
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
  void forgetsTicketsThatEndedInTheLine() {
    OpeningLine line = line(1, 10);
    line.admit(ticket("running", Lane.FIRST));
    Ticket dead = ticket("dead", Lane.FIRST);
    line.admit(dead);
    line.admit(ticket("alive", Lane.FIRST));
    dead.complete(DONE);
    line.leave(dead);
    time.advanceTimeBy(Duration.ofMillis(5));

    freeAll(2);

    assertThat(names()).containsExactly("running", "alive");
    assertThat(gauge(Meters.OPENING_WAITING)).isZero();
  }

  @Test
  void takesEveryEighthByItsAge() {
    OpeningLine line = line(1, 100);
    line.admit(ticket("running", Lane.FIRST));
    line.admit(ticket("routine", Lane.ROUTINE));
    time.advanceTimeBy(Duration.ofMillis(1));
    for (int i = 0; i < 20; i++) {
      line.admit(ticket("first-" + i, Lane.FIRST));
    }

    freeAll(22);

    assertThat(names().indexOf("routine")).isBetween(5, 8);
    assertThat(opened).hasSize(22);
  }

  @Test
  void givesRefreshesTheirTurnsHoweverManyPodsWait() {
    quota = quota(10);
    OpeningLine line = line(1, 1_000);
    IntStream.range(0, 200).forEach(i -> line.admit(ticket("first-" + i, Lane.FIRST)));
    time.advanceTimeBy(Duration.ofMillis(1));

    assertThat(line.admit(ticket("refresh", Lane.ROUTINE))).isEmpty();
    for (int i = 0; i < 12; i++) {
      time.advanceTimeBy(Duration.ofMillis(150));
      slots.get(i).tryEmitEmpty();
    }

    assertThat(names().indexOf("refresh")).isBetween(5, 9);
  }

  @Test
  void opensNoMoreASecondThanTheQuotaAllowsHoweverManySlotsAreFree() {
    quota = quota(50);
    OpeningLine line = line(1_000, 1_000);
    for (int i = 0; i < 200; i++) {
      line.admit(ticket("t" + i, Lane.FIRST));
    }

    for (int second = 1; second <= 4; second++) {
      time.advanceTimeBy(Duration.ofSeconds(1));
      assertThat(opened.size()).isBetween(50 * second - 5, 50 * second + 3);
    }
  }

  @Test
  void gathersTicketsWhileTheQuotaIsSpent() {
    quota = quota(2_000);
    OpeningLine line = line(1_000, 1_000);
    for (int i = 0; i < 400; i++) {
      line.admit(ticket("t" + i, Lane.FIRST));
    }
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(opened).hasSize(400);
    assertThat(meters.get(Meters.OPENING_BATCH).summary().mean()).isBetween(2.0, 12.0);
  }

  @Test
  void turnsAwayAtOnceWhatWouldNotHaveItsTurnInTime() {
    quota = quota(10);
    OpeningLine line = line(1, 1_000);
    IntStream.range(0, 200).forEach(i -> line.admit(ticket("routine-" + i, Lane.ROUTINE)));

    assertThat(line.admit(ticket("late", Lane.ROUTINE)).orElseThrow().message())
        .contains("quota of STS");
    assertThat(line.admit(ticket("first", Lane.FIRST))).isEmpty();
    assertThat(meters.get(Meters.OPENING_TURNED_AWAY).tag(Meters.CAUSE, "quota").counter().count())
        .isBetween(115.0, 125.0);
  }

  @Test
  void letsATicketStandAgainAfterItsPauseAndGivesItsSlotToAnother() {
    again = Duration.ofMillis(200);
    OpeningLine line = line(1, 10);
    line.admit(ticket("throttled", Lane.ROUTINE));
    line.admit(ticket("other", Lane.ROUTINE));
    again = null;
    slots.getFirst().tryEmitEmpty();
    slots.getLast().tryEmitEmpty();
    assertThat(names()).containsExactly("throttled", "other");

    time.advanceTimeBy(Duration.ofMillis(199));
    assertThat(opened).hasSize(2);
    time.advanceTimeBy(Duration.ofMillis(1));
    assertThat(names()).containsExactly("throttled", "other", "throttled");
    slots.getLast().tryEmitEmpty();
    assertThat(gauge(Meters.OPENING_WAITING)).isZero();
  }

  @Test
  void measuresHowLongEachLaneWaits() {
    OpeningLine line = line(1, 10);
    line.admit(ticket("running", Lane.FIRST));
    line.admit(ticket("routine", Lane.ROUTINE));
    time.advanceTimeBy(Duration.ofMillis(700));

    freeAll(2);

    assertThat(
            meters
                .get(Meters.OPENING_WAIT)
                .tag(Meters.LANE, "routine")
                .timer()
                .max(TimeUnit.MILLISECONDS))
        .isBetween(700.0, 710.0);
  }

  @Test
  void givesUpWhatNobodyWaitsForWhenItsTurnComesAndTakesNoQuotaForIt() {
    quota = quota(10);
    OpeningLine line = line(1, 10);
    line.admit(ticket("running", Lane.FIRST));
    Ticket late = ticket("late", Lane.FIRST, Duration.ofMillis(900));
    Ticket joined = ticket("joined", Lane.FIRST, Duration.ofMillis(900));
    line.admit(late);
    line.admit(joined);
    joined.waitUntil(clock.millis() + 2_000);
    time.advanceTimeBy(Duration.ofMillis(900));
    assertThat(late.isDone()).isFalse();

    slots.getFirst().tryEmitEmpty();

    assertThat(names()).containsExactly("running", "joined");
    assertThat(late.isDone()).isTrue();
    assertThat(joined.isDone()).isFalse();
    assertThat(gauge(Meters.OPENING_WAITING)).isZero();
    assertThat(turnedAway("late")).isEqualTo(1);
  }

  @Test
  void saysAtOnceWhatItCannotFinishInTime() {
    OpeningLine line = line(2, 1_000);
    warmUp(line, 40, Duration.ofSeconds(1));
    for (int i = 0; i < 3; i++) {
      assertThat(line.admit(ticket("t" + i, Lane.FIRST, Duration.ofMillis(900)))).isEmpty();
    }
    time.advanceTimeBy(Duration.ofMillis(5));
    line.admit(ticket("t3", Lane.FIRST, Duration.ofMillis(900)));

    Opening.Failed refused =
        line.admit(ticket("t4", Lane.FIRST, Duration.ofMillis(900))).orElseThrow();

    assertThat(refused.retryAfter()).isBetween(Duration.ofMillis(1_500), Duration.ofSeconds(3));
    assertThat(turnedAway("slow")).isEqualTo(1);
    assertThat(line.admit(ticket("t5", Lane.FIRST, Duration.ofSeconds(4)))).isEmpty();
  }

  private void warmUp(OpeningLine line, int openings, Duration each) {
    for (int i = 0; i < openings; i++) {
      line.admit(ticket("warm-" + i, Lane.FIRST));
      time.advanceTimeBy(each);
      slots.getLast().tryEmitEmpty();
    }
  }

  private double turnedAway(String cause) {
    return meters.get(Meters.OPENING_TURNED_AWAY).tag(Meters.CAUSE, cause).counter().count();
  }

  private OpeningLine line(int concurrency, int maxWaiting) {
    return new OpeningLine(
        this::open,
        ticket -> ticket.complete(DONE),
        new OpeningLine.Limits(
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

  private Mono<Duration> open(Ticket ticket) {
    opened.add(ticket);
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
    return opened.stream().map(ticket -> ticket.plan().key().subject()).toList();
  }

  private Ticket ticket(String name, Lane lane) {
    return ticket(name, lane, Duration.ofMinutes(1));
  }

  private Ticket ticket(String name, Lane lane, Duration waits) {
    SessionPlan plan = VirtualMesh.plan(1);
    SessionKey key = new SessionKey("c1", plan.key().associationId(), 1, name);
    return new Ticket(
        new SessionPlan(key, plan.association(), plan.workload(), plan.sharedBy(), plan.request()),
        lane,
        clock.millis(),
        clock.millis() + waits.toMillis());
  }
}
