package io.claviger.broker.adapter.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class KafkaAvailabilityTest {

  private final KafkaAvailability availability = new KafkaAvailability();

  @Test
  void isAwayUntilARequestIsAnswered() {
    assertThat(availability.up()).isFalse();

    availability.answered(availability.ask(), true);

    assertThat(availability.up()).isTrue();
  }

  @Test
  void isAwayWhenTheLastRequestFails() {
    availability.answered(availability.ask(), true);
    availability.answered(availability.ask(), false);

    assertThat(availability.up()).isFalse();
  }

  @Test
  void isThereWhenAnOlderRequestFailsAfterANewerOneWasAnswered() {
    long whileAway = availability.ask();
    availability.answered(availability.ask(), true);

    availability.answered(whileAway, false);

    assertThat(availability.up()).isTrue();
  }
}
