package io.claviger.edge.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.claviger.schemas.bus.PublishedKeys;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ClusterKeysTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final TokenMint FIRST = new TokenMint("key-1");
  private static final TokenMint SECOND = new TokenMint("key-2");

  private final TestClock clock = new TestClock(NOW);
  private final ClusterKeys keys = new ClusterKeys(clock);

  @Test
  void takesANewerSet() {
    keys.accept(FIRST.published(NOW.minusSeconds(60)));

    boolean taken = keys.accept(SECOND.published(NOW));

    assertThat(taken).isTrue();
    assertThat(keys.has("key-2")).isTrue();
    assertThat(keys.has("key-1")).isFalse();
    assertThat(keys.fetchedAt()).contains(NOW);
  }

  @Test
  void keepsANewerSetThanTheOneThatIsPublished() {
    keys.accept(SECOND.published(NOW));

    boolean taken = keys.accept(FIRST.published(NOW.minusSeconds(1)));

    assertThat(taken).isFalse();
    assertThat(keys.has("key-2")).isTrue();
  }

  @Test
  void keepsTheLastGoodSetWhenAPublishedOneIsOfNoUse() {
    keys.accept(FIRST.published(NOW));
    PublishedKeys right = SECOND.published(NOW);
    PublishedKeys wrong =
        new PublishedKeys(
            right.version(),
            right.cluster(),
            right.issuer(),
            right.audience(),
            "{\"keys\":[]}",
            right.fetchedAt());

    assertThatIllegalArgumentException().isThrownBy(() -> keys.accept(wrong));

    assertThat(keys.has("key-1")).isTrue();
  }

  @Test
  void isNotShutOutByABrokerWhoseClockRunsAhead() {
    keys.accept(FIRST.published(NOW.plus(Duration.ofHours(1))));
    clock.advance(Duration.ofSeconds(1));

    boolean taken = keys.accept(SECOND.published(NOW.plusSeconds(1)));

    assertThat(taken).isTrue();
  }

  @Test
  void hasNoKeyWithoutAName() {
    keys.accept(FIRST.published(NOW));

    assertThat(keys.has(null)).isFalse();
  }
}
