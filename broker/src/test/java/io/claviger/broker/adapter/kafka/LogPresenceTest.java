package io.claviger.broker.adapter.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LogPresenceTest {

  private final LogPresence presence = new LogPresence();

  @Test
  void isAwayUntilAQuestionIsAnswered() {
    assertThat(presence.up()).isFalse();

    presence.settle(presence.ask(), true);

    assertThat(presence.up()).isTrue();
  }

  @Test
  void isAwayWhenTheLastQuestionFails() {
    presence.settle(presence.ask(), true);
    presence.settle(presence.ask(), false);

    assertThat(presence.up()).isFalse();
  }

  @Test
  void isThereWhenAnOlderQuestionFailsAfterANewerOneWasAnswered() {
    long whileAway = presence.ask();
    presence.settle(presence.ask(), true);

    presence.settle(whileAway, false);

    assertThat(presence.up()).isTrue();
  }
}
