package io.claviger.broker.issuance;

import static io.claviger.schemas.bus.RequestPriority.FIRST;
import static io.claviger.schemas.bus.RequestPriority.NEAR_EXPIRY;
import static io.claviger.schemas.bus.RequestPriority.ROUTINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.bus.RequestPriority;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The order in which sessions are opened, and how many at once. */
class StsDispatcherTest {

  @Test
  void opensAtOnceWhileASlotIsFree() {
    DispatcherRig rig = new DispatcherRig(2, 10);

    rig.admit("a", ROUTINE);
    rig.admit("b", ROUTINE);
    rig.admit("c", FIRST);

    assertThat(rig.names()).containsExactly("a", "b");
    assertThat(rig.gauge(Meters.STS_OPEN_IN_FLIGHT)).isEqualTo(2);
    assertThat(rig.gauge(Meters.STS_OPEN_WAITING)).isEqualTo(1);
  }

  @Test
  void opensTheMostUrgentOfWhatIsGatheredFirst() {
    DispatcherRig rig = new DispatcherRig(1, 10);
    rig.admit("running", ROUTINE);
    rig.admit("routine-1", ROUTINE);
    rig.admit("near-1", NEAR_EXPIRY);
    rig.admit("routine-2", ROUTINE);
    rig.admit("first-1", FIRST);
    rig.passMillis(5);

    rig.freeAll(5);

    assertThat(rig.names())
        .containsExactly("running", "first-1", "near-1", "routine-1", "routine-2");
    assertThat(rig.gauge(Meters.STS_OPEN_IN_FLIGHT)).isZero();
    assertThat(rig.gauge(Meters.STS_OPEN_WAITING)).isZero();
  }

  @Test
  void letsAFirstRequestOvertakeALongLine() {
    DispatcherRig rig = new DispatcherRig(1, 10_000);
    rig.admitMany(2_000, "routine-", ROUTINE);
    rig.passMillis(5);
    rig.admit("first", FIRST);
    rig.passMillis(5);

    rig.freeAll(2_001);

    assertThat(rig.names().indexOf("first")).isLessThan(10);
    assertThat(rig.opened).hasSize(2_001);
  }

  @Test
  void letsAPendingOpenOvertakeThatBecameUrgentMeanwhile() {
    DispatcherRig rig = new DispatcherRig(1, 10_000);
    PendingOpen late = rig.pendingOpen("late", ROUTINE);
    rig.admitMany(2_000, "routine-", ROUTINE);
    rig.dispatcher.admit(late);
    rig.passMillis(5);

    assertThat(late.raise(FIRST)).isTrue();
    rig.dispatcher.overtake(late);
    rig.freeAll(2_001);

    assertThat(rig.names().indexOf("late")).isLessThan(10);
    assertThat(rig.opened).hasSize(2_001);
  }

  @Test
  void turnsAwayWhatDoesNotFit() {
    DispatcherRig rig = new DispatcherRig(2, 3);
    for (int i = 0; i < 5; i++) {
      assertThat(rig.admit("t" + i, FIRST)).isEmpty();
    }

    assertThat(rig.admit("one-too-many", FIRST)).isPresent();

    rig.slots.getFirst().tryEmitEmpty();
    assertThat(rig.admit("fits-again", FIRST)).isEmpty();
  }

  @Test
  void neverOpensMoreAtOnceThanItHasSlots() {
    DispatcherRig rig = new DispatcherRig(3, 100);
    List<RequestPriority> priorities = List.of(RequestPriority.values());
    for (int i = 0; i < 50; i++) {
      rig.admit("t" + i, priorities.get(i % priorities.size()));
    }
    rig.passMillis(5);

    for (int freed = 0; freed < 50; freed++) {
      assertThat(rig.opened.size() - freed).isLessThanOrEqualTo(3);
      rig.passMillis(5);
      rig.slots.get(freed).tryEmitEmpty();
    }
    assertThat(rig.opened).hasSize(50);
  }

  @Test
  void forgetsAPendingOpenThatEndedInItsQueue() {
    DispatcherRig rig = new DispatcherRig(1, 10);
    rig.admit("running", FIRST);
    PendingOpen dead = rig.pendingOpen("dead", FIRST);
    rig.dispatcher.admit(dead);
    rig.admit("alive", FIRST);
    dead.complete(DispatcherRig.DONE);
    rig.dispatcher.leave(dead);
    rig.passMillis(5);

    rig.freeAll(2);

    assertThat(rig.names()).containsExactly("running", "alive");
    assertThat(rig.gauge(Meters.STS_OPEN_WAITING)).isZero();
  }

  @Test
  void takesEveryEighthByItsAge() {
    DispatcherRig rig = new DispatcherRig(1, 100);
    rig.admit("running", FIRST);
    rig.admit("routine", ROUTINE);
    rig.passMillis(1);
    rig.admitMany(20, "first-", FIRST);

    rig.freeAll(22);

    assertThat(rig.names().indexOf("routine")).isBetween(5, 8);
    assertThat(rig.opened).hasSize(22);
  }

  @Test
  void queuesAPendingOpenAgainAfterItsPauseAndGivesItsSlotToAnother() {
    DispatcherRig rig = new DispatcherRig(1, 10);
    rig.again = Duration.ofMillis(200);
    rig.admit("throttled", ROUTINE);
    rig.admit("other", ROUTINE);
    rig.again = null;
    rig.slots.getFirst().tryEmitEmpty();
    rig.slots.getLast().tryEmitEmpty();
    assertThat(rig.names()).containsExactly("throttled", "other");

    rig.passMillis(199);
    assertThat(rig.opened).hasSize(2);
    rig.passMillis(1);
    assertThat(rig.names()).containsExactly("throttled", "other", "throttled");
    rig.slots.getLast().tryEmitEmpty();
    assertThat(rig.gauge(Meters.STS_OPEN_WAITING)).isZero();
  }

  @Test
  void measuresHowLongEachPriorityWaits() {
    DispatcherRig rig = new DispatcherRig(1, 10);
    rig.admit("running", FIRST);
    rig.admit("routine", ROUTINE);
    rig.passMillis(700);

    rig.freeAll(2);

    assertThat(
            rig.meters
                .get(Meters.STS_OPEN_WAIT)
                .tag(Meters.PRIORITY, "routine")
                .timer()
                .max(TimeUnit.MILLISECONDS))
        .isBetween(700.0, 710.0);
  }
}
