package io.claviger.config.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "350ms,PT0.35S",
    "8s,PT8S",
    "10m,PT10M",
    "1h,PT1H",
    "2d,PT48H",
    "0s,PT0S",
    "PT8S,PT8S",
    "PT0S,PT0S",
    "'  8s ',PT8S",
    "-5s,PT-5S",
    "-1h,PT-1H",
    "-PT5S,PT-5S",
    "-0s,PT0S"
  })
  void readsDurationsAsPeopleWriteThem(String text, Duration duration) {
    assertThat(Durations.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "-", "s", "5", "five", "5 parsecs", "--5s", "-PT-5S", "5s5", "1h-", "P"})
  void saysHowToWriteWhatIsNone(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a duration like 350ms, 8s, 10m or 1h: '" + text + "'");
  }
}
