package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class QuotaShareTest {

  private Instant now = Instant.EPOCH;
  private int brokers = 1;

  private QuotaShare share(int perSecond, int minBrokers) {
    return new QuotaShare(
        perSecond, minBrokers, () -> brokers, () -> now.toEpochMilli() * 1_000_000);
  }

  @Test
  void letsNoSecondSeeMoreThanTheQuotaAndAFiftieth() {
    QuotaShare share = share(600, 1);
    Deque<Instant> second = new ArrayDeque<>();
    int most = 0;
    int taken = 0;
    for (int millis = 0; millis < 5_000; millis++) {
      now = Instant.ofEpochMilli(millis);
      while (share.take().isZero()) {
        taken++;
        second.addLast(now);
      }
      while (!second.isEmpty() && !second.getFirst().isAfter(now.minusSeconds(1))) {
        second.removeFirst();
      }
      most = Math.max(most, second.size());
    }

    assertThat(most).isLessThanOrEqualTo(612);
    assertThat(taken).isBetween(2_990, 3_012);
  }

  @Test
  void saysWhenTheNextCallMayBeMade() {
    QuotaShare share = share(10, 1);
    assertThat(share.take()).isZero();

    Duration wait = share.take();
    assertThat(wait.toMillis()).isBetween(99L, 101L);
    now = now.plusMillis(101);
    assertThat(share.take()).isZero();
  }

  @Test
  void isDividedByTheBrokersButByNoFewerThanItsLeast() {
    QuotaShare share = share(600, 2);
    assertThat(share.rate()).isEqualTo(300);

    brokers = 3;
    now = now.plusSeconds(1);
    assertThat(share.rate()).isEqualTo(200);

    brokers = 1;
    now = now.plusSeconds(60);
    assertThat(share.rate()).isEqualTo(300);
  }

  @Test
  void isLoweredByThePartThatIsThrottledAndRisesSlowlyAgain() {
    QuotaShare share = share(100, 1);
    answer(share, 10, 10);
    assertThat(share.rate()).isCloseTo(55, within(0.1));
    answer(share, 10, 5);
    assertThat(share.rate()).isCloseTo(55 * 0.75 + 5, within(0.1));

    double before = share.rate();
    answer(share, 10, 0);
    assertThat(share.rate()).isCloseTo(before + 5, within(0.1));
    now = now.plusSeconds(20);
    assertThat(share.rate()).isEqualTo(100);
  }

  @Test
  void isNeverLessThanATenth() {
    QuotaShare share = share(100, 1);
    for (int second = 0; second < 60; second++) {
      answer(share, 10, 10);
    }
    assertThat(share.rate()).isBetween(10.0, 11.0);
  }

  @Test
  void letsLaterCallsWaitForOneThatCouldNot() {
    QuotaShare share = share(10, 1);
    share.charge();
    share.charge();
    share.charge();

    assertThat(share.take().toMillis()).isBetween(299L, 301L);
  }

  private void answer(QuotaShare share, int calls, int throttled) {
    for (int call = 0; call < calls; call++) {
      share.answered(call < throttled);
    }
    now = now.plusSeconds(1);
  }
}
