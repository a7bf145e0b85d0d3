package io.claviger.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class AxisTest {

  @Test
  void goesFromZeroToARoundValue() {
    Axis axis = Axis.linear(87);

    assertThat(axis.ticks()).containsExactly(0.0, 20.0, 40.0, 60.0, 80.0, 100.0);
    assertThat(axis.at(50)).isEqualTo(0.5);
  }

  @Test
  void makesEqualRatiosEquallyLong() {
    Axis axis = Axis.logarithmic(0.3, 42);

    assertThat(axis.ticks()).containsExactly(0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0);
    assertThat(axis.at(2) - axis.at(1)).isCloseTo(axis.at(20) - axis.at(10), within(1e-9));
    assertThat(axis.at(0)).isZero();
  }

  @Test
  void bearsNothingAtAll() {
    assertThat(Axis.linear(0).at(0)).isZero();
    assertThat(Axis.logarithmic(0, 0).at(0)).isZero();
  }
}
