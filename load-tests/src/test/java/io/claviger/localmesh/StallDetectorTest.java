package io.claviger.localmesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StallDetectorTest {

  private Duration now = Duration.ZERO;
  private Duration used = Duration.ZERO;
  private final StallDetector detector =
      new StallDetector(Duration.ofSeconds(90), () -> used, () -> now.toNanos());

  /** Advances the time; for this share of it, processes use CPU. */
  private void pass(Duration time, double share) {
    now = now.plus(time);
    used = used.plusNanos((long) (time.toNanos() * share));
  }

  @Test
  void waitsForWhatGetsATenthOfACore() {
    for (int i = 0; i < 10; i++) {
      pass(Duration.ofSeconds(60), 0.1);
      assertThat(detector.isStalled()).isFalse();
    }
  }

  @Test
  void seesThatNothingGoesOnButTimers() {
    pass(Duration.ofSeconds(60), 0.01);
    assertThat(detector.isStalled()).isFalse();

    pass(Duration.ofSeconds(31), 0.01);
    assertThat(detector.isStalled()).isTrue();
  }

  @Test
  void seesThatWorkStopsLater() {
    pass(Duration.ofSeconds(80), 1);
    assertThat(detector.isStalled()).isFalse();
    pass(Duration.ofSeconds(80), 0);
    assertThat(detector.isStalled()).isFalse();

    pass(Duration.ofSeconds(11), 0);
    assertThat(detector.isStalled()).isTrue();
  }

  @Test
  void takesTheEndOfAProcessForProgress() {
    pass(Duration.ofSeconds(80), 1);
    assertThat(detector.isStalled()).isFalse();

    used = Duration.ofSeconds(1);
    pass(Duration.ofSeconds(80), 0);

    assertThat(detector.isStalled()).isFalse();
  }

  @Test
  void endsWhatWorksForEver() {
    for (int i = 0; i < 15; i++) {
      pass(Duration.ofSeconds(60), 1);
      assertThat(detector.isStalled()).isFalse();
    }
    pass(Duration.ofSeconds(1), 1);

    assertThat(detector.isStalled()).isTrue();
    assertThat(detector.elapsed()).isEqualTo(Duration.ofSeconds(901));
  }
}
