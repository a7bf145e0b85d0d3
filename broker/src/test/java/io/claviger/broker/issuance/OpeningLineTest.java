package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.bus.Lane;
import io.claviger.schemas.bus.SessionKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

class OpeningLineTest {
  private static final Opening DONE = new Opening.Failed("done", Duration.ZERO);
  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
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

    assertThat(names().indexOf("first")).isLessThan(150);
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

    assertThat(names().indexOf("late")).isLessThan(150);
    assertThat(opened).hasSize(2_001);
  }

  @Test
  void turnsAwayWhatDoesNotFit() {
    OpeningLine line = line(2, 3);
    for (int i = 0; i < 5; i++) {
      assertThat(line.admit(ticket("t" + i, Lane.FIRST))).isTrue();
    }

    assertThat(line.admit(ticket("one-too-many", Lane.FIRST))).isFalse();

    slots.getFirst().tryEmitEmpty();
    assertThat(line.admit(ticket("fits-again", Lane.FIRST))).isTrue();
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
    assertThat(meters.get(Meters.OPENING_BATCH).summary().max()).isGreaterThan(1);
  }

  @Test
  void passesOverTicketsThatEndedInTheLine() {
    OpeningLine line = line(1, 10);
    line.admit(ticket("running", Lane.FIRST));
    Ticket dead = ticket("dead", Lane.FIRST);
    line.admit(dead);
    line.admit(ticket("alive", Lane.FIRST));
    dead.complete(DONE);
    time.advanceTimeBy(Duration.ofMillis(5));

    freeAll(2);

    assertThat(names()).containsExactly("running", "alive");
    assertThat(gauge(Meters.OPENING_WAITING)).isZero();
  }

  private OpeningLine line(int concurrency, int maxWaiting) {
    return new OpeningLine(this::open, concurrency, maxWaiting, Duration.ofMillis(5), time, meters);
  }

  private Mono<?> open(Ticket ticket) {
    opened.add(ticket);
    Sinks.Empty<Void> slot = Sinks.empty();
    slots.add(slot);
    return slot.asMono();
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

  private static Ticket ticket(String name, Lane lane) {
    SessionPlan plan = VirtualMesh.plan(1);
    SessionKey key = new SessionKey("c1", plan.key().associationId(), 1, name);
    return new Ticket(
        new SessionPlan(key, plan.association(), plan.workload(), plan.sharedBy(), plan.request()),
        lane);
  }
}
