package io.claviger.broker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EnoughBrokersTest {

  private int brokers = 1;
  private long nanoTime = -5;

  private EnoughBrokers enough(int least) {
    return new EnoughBrokers(least, Duration.ofSeconds(30), () -> brokers, () -> nanoTime);
  }

  @Test
  void oneIsEnoughWhereNoMoreAreAskedFor() {
    assertThat(enough(1).getAsBoolean()).isTrue();
  }

  @Test
  void waitsForTheOthersAndNeverAgainOnceTheyWereThere() {
    EnoughBrokers enough = enough(2);
    assertThat(enough.getAsBoolean()).isFalse();

    brokers = 2;
    assertThat(enough.getAsBoolean()).isTrue();
    brokers = 1;
    assertThat(enough.getAsBoolean()).isTrue();
  }

  @Test
  void waitsNoLongerThanItsTime() {
    EnoughBrokers enough = enough(2);
    nanoTime += Duration.ofSeconds(30).toNanos() - 1;
    assertThat(enough.getAsBoolean()).isFalse();

    nanoTime++;
    assertThat(enough.getAsBoolean()).isTrue();
    nanoTime -= 10;
    assertThat(enough.getAsBoolean()).isTrue();
  }
}
