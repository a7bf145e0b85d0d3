package io.claviger.edge.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.config.trust.TokenHash;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TokenMemoryTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final WorkloadIdentity WEB =
      new WorkloadIdentity("c1", "app1", "web", "web-0", "pod-uid", "node-1");

  private final TestClock clock = new TestClock(NOW);
  private final TokenMemory memory = new TokenMemory(10, Duration.ofMinutes(15), clock, clock);

  @Test
  void forgetsALongLivedTokenAfterItsOwnTime() {
    VerifiedToken token = token("a", NOW.plus(Duration.ofHours(1)));
    memory.remember(token);

    clock.advance(Duration.ofMinutes(15).minusMillis(1));
    assertThat(memory.find(token.hash())).isEqualTo(token);

    clock.advance(Duration.ofMillis(1));
    assertThat(memory.find(token.hash())).isNull();
  }

  @Test
  void forgetsAShortLivedTokenAtItsEnd() {
    VerifiedToken token = token("a", NOW.plusSeconds(30));
    memory.remember(token);

    clock.advance(Duration.ofSeconds(30));

    assertThat(memory.find(token.hash())).isNull();
  }

  @Test
  void neverRemembersATokenThatHasEnded() {
    VerifiedToken token = token("a", NOW.minusSeconds(1));

    memory.remember(token);

    assertThat(memory.find(token.hash())).isNull();
  }

  @Test
  void remembersNoMoreThanItsSize() {
    for (int i = 0; i < 1_000; i++) {
      memory.remember(token("token " + i, NOW.plusSeconds(100)));
    }

    long remembered =
        IntStream.range(0, 1_000)
            .filter(i -> memory.find(TokenHash.of("token " + i)) != null)
            .count();
    assertThat(remembered).isBetween(1L, 10L);
  }

  @Test
  void forgetsOneTokenAndNoOther() {
    VerifiedToken one = token("a", NOW.plusSeconds(100));
    VerifiedToken other = token("b", NOW.plusSeconds(100));
    memory.remember(one);
    memory.remember(other);

    memory.forget(one.hash());

    assertThat(memory.find(one.hash())).isNull();
    assertThat(memory.find(other.hash())).isEqualTo(other);
  }

  private static VerifiedToken token(String text, Instant expires) {
    return VerifiedToken.of(TokenHash.of(text), WEB, expires, "key-1");
  }
}
