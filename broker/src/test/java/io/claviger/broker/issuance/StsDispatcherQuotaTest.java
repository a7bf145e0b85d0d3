package io.claviger.broker.issuance;

import static io.claviger.schemas.bus.RequestPriority.FIRST;
import static io.claviger.schemas.bus.RequestPriority.ROUTINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.bus.OpenResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Sessions opened within the quota, and sessions rejected because they would be late. */
class StsDispatcherQuotaTest {

  @Test
  void givesRefreshesTheirTurnsHoweverManyPodsWait() {
    DispatcherRig rig = new DispatcherRig(1, 1_000, 10);
    rig.admitMany(200, "first-", FIRST);
    rig.passMillis(1);

    assertThat(rig.admit("refresh", ROUTINE)).isEmpty();
    for (int i = 0; i < 12; i++) {
      rig.passMillis(150);
      rig.slots.get(i).tryEmitEmpty();
    }

    assertThat(rig.names().indexOf("refresh")).isBetween(5, 9);
  }

  @Test
  void opensNoMoreASecondThanTheQuotaAllowsHoweverManySlotsAreFree() {
    DispatcherRig rig = new DispatcherRig(1_000, 1_000, 50);
    rig.admitMany(200, "t", FIRST);

    for (int second = 1; second <= 4; second++) {
      rig.passMillis(1_000);
      assertThat(rig.opened.size()).isBetween(50 * second - 5, 50 * second + 3);
    }
  }

  @Test
  void gathersPendingOpensWhileTheQuotaIsSpent() {
    DispatcherRig rig = new DispatcherRig(1_000, 1_000, 2_000);
    rig.admitMany(400, "t", FIRST);
    rig.passMillis(1_000);

    assertThat(rig.opened).hasSize(400);
    assertThat(rig.meters.get(Meters.STS_OPEN_BATCH).summary().mean()).isBetween(2.0, 12.0);
  }

  @Test
  void turnsAwayAtOnceWhatWouldNotHaveItsTurnInTime() {
    DispatcherRig rig = new DispatcherRig(1, 1_000, 10);
    rig.admitMany(200, "routine-", ROUTINE);

    assertThat(rig.admit("late", ROUTINE).orElseThrow().message()).contains("STS quota");
    assertThat(rig.admit("first", FIRST)).isEmpty();
    assertThat(rig.rejected("quota")).isBetween(115.0, 125.0);
  }

  @Test
  void givesUpWhatNobodyWaitsForWhenItsTurnComesAndTakesNoQuotaForIt() {
    DispatcherRig rig = new DispatcherRig(1, 10, 10);
    rig.admit("running", FIRST);
    PendingOpen late = rig.pendingOpen("late", FIRST, Duration.ofMillis(900));
    PendingOpen joined = rig.pendingOpen("joined", FIRST, Duration.ofMillis(900));
    rig.dispatcher.admit(late);
    rig.dispatcher.admit(joined);
    joined.waitUntil(rig.clock.millis() + 2_000);
    rig.passMillis(900);
    assertThat(late.isDone()).isFalse();

    rig.slots.getFirst().tryEmitEmpty();

    assertThat(rig.names()).containsExactly("running", "joined");
    assertThat(late.isDone()).isTrue();
    assertThat(joined.isDone()).isFalse();
    assertThat(rig.gauge(Meters.STS_OPEN_WAITING)).isZero();
    assertThat(rig.rejected("late")).isEqualTo(1);
  }

  @Test
  void saysAtOnceWhatItCannotFinishInTime() {
    DispatcherRig rig = new DispatcherRig(2, 1_000);
    for (int i = 0; i < 40; i++) {
      rig.admit("warm-" + i, FIRST);
      rig.passMillis(1_000);
      rig.slots.getLast().tryEmitEmpty();
    }
    for (int i = 0; i < 3; i++) {
      assertThat(rig.admit("t" + i, FIRST, Duration.ofMillis(900))).isEmpty();
    }
    rig.passMillis(5);
    rig.admit("t3", FIRST, Duration.ofMillis(900));

    OpenResult.Failed refused = rig.admit("t4", FIRST, Duration.ofMillis(900)).orElseThrow();

    assertThat(refused.retryAfterMillis()).isBetween(1_500L, 3_000L);
    assertThat(rig.rejected("slow")).isEqualTo(1);
    assertThat(rig.admit("t5", FIRST, Duration.ofSeconds(4))).isEmpty();
  }
}
