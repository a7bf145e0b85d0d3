package io.claviger.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopLagTest {
  private long now;
  private final LoopLag lag = new LoopLag(() -> now);

  @Test
  void isNothingWhileTheLoopHasItsTurns() {
    turnAfter(100);
    turnAfter(100);

    assertThat(lag.recent()).isZero();
  }

  @Test
  void isSeenWhileTheLoopHasNoTurn() {
    turnAfter(100);
    pass(400);

    assertThat(lag.recent()).isEqualTo(Duration.ofMillis(300));
  }

  @Test
  void isRememberedForAboutASecond() {
    turnAfter(1_100);
    assertThat(lag.recent()).isEqualTo(Duration.ofSeconds(1));

    for (int i = 0; i < 10; i++) {
      turnAfter(100);
    }
    assertThat(lag.recent()).isBetween(Duration.ofMillis(50), Duration.ofMillis(150));
  }

  private void turnAfter(long millis) {
    pass(millis);
    lag.turn();
  }

  private void pass(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
