package io.claviger.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HedgePolicyTest {
  private static final Duration MIN = Duration.ofMillis(150);
  private static final Duration MOST = Duration.ofMillis(600);
  private final HedgePolicy policy = new HedgePolicy(MIN, MOST, 0.1, 3);

  @Test
  void waitsLongestBeforeAnythingWasMeasured() {
    assertThat(policy.delay()).isEqualTo(MOST);
  }

  @Test
  void waitsLongestWhileTooFewWereMeasured() {
    answers(127, 5);
    assertThat(policy.delay()).isEqualTo(MOST);

    answers(1, 5);
    assertThat(policy.delay()).isEqualTo(MIN);
  }

  @Test
  void waitsForFourTimesWhatTheSlowestOfAHundredTook() {
    answers(128, 5);
    assertThat(policy.delay()).isEqualTo(MIN);

    answers(128, 60);
    assertThat(policy.delay()).isEqualTo(Duration.ofMillis(240));

    answers(256, 1_000);
    assertThat(policy.delay()).isEqualTo(MOST);

    answers(256, 50);
    assertThat(policy.delay()).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void oneOfAHundredDoesNotCount() {
    answers(255, 1);
    answers(1, 500);

    assertThat(policy.delay()).isEqualTo(MIN);
  }

  @Test
  void answersPayForWhatIsDoneASecondTime() {
    assertThat(takenOf(10)).isEqualTo(3);

    answers(9, 5);
    assertThat(policy.take()).isFalse();
    answers(1, 5);
    assertThat(takenOf(10)).isEqualTo(1);
    answers(1_000, 5);
    assertThat(takenOf(10)).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"0, 600, 0.1, 3", "150, 149, 0.1, 3", "150, 600, 0, 3", "150, 600, 2, 3"})
  void refusesWhatIsNoPolicy(long least, long most, double perAnswer, int burst) {
    assertThatThrownBy(
            () ->
                new HedgePolicy(
                    Duration.ofMillis(least), Duration.ofMillis(most), perAnswer, burst))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void answers(int times, long millis) {
    for (int i = 0; i < times; i++) {
      policy.answered(Duration.ofMillis(millis));
    }
  }

  private int takenOf(int times) {
    int taken = 0;
    for (int i = 0; i < times; i++) {
      taken += policy.take() ? 1 : 0;
    }
    return taken;
  }
}
