package io.claviger.edge.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class BackoffTest {

  @Test
  void doublesItsPausesUpToTwoSeconds() {
    Backoff backoff = new Backoff(() -> 1.0);

    List<Long> pauses = Stream.generate(backoff::pause).limit(8).map(Duration::toMillis).toList();

    assertThat(pauses).containsExactly(50L, 100L, 200L, 400L, 800L, 1_600L, 2_000L, 2_000L);
  }

  @Test
  void spreadsAPauseOverItsSecondHalf() {
    assertThat(new Backoff(() -> 0.0).pause()).isEqualTo(Duration.ofMillis(25));
    assertThat(new Backoff(() -> 0.5).pause()).isEqualTo(Duration.ofMillis(37));
  }

  @Test
  void startsAnewAfterASuccess() {
    Backoff backoff = new Backoff(() -> 1.0);
    backoff.pause();
    assertThat(backoff.failing()).isTrue();

    backoff.reset();

    assertThat(backoff.failing()).isFalse();
    assertThat(backoff.pause()).isEqualTo(Duration.ofMillis(50));
  }
}
