package io.claviger.broker.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.config.trust.TokenKeys;
import io.claviger.config.trust.TokenVerification.Verified;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {

  private final TestClock clock = new TestClock(Instant.parse("2026-05-01T10:00:00Z"));
  private final VerifiedTokens tokens = new VerifiedTokens(100, clock, clock);

  private Verified verification(Duration life) {
    WorkloadIdentity workload = new WorkloadIdentity("one", "app1", "web", "web-0", "uid", "node");
    return new Verified(workload, clock.instant().plus(life), "key");
  }

  @Test
  void remembersATokenForAQuarterOfAnHour() {
    tokens.remember("token", verification(Duration.ofHours(24)), TokenKeys.NONE);

    clock.advance(VerifiedTokens.LONGEST.minusMillis(1));
    assertThat(tokens.find("token")).isPresent();
    clock.advance(Duration.ofMillis(2));
    assertThat(tokens.find("token")).isEmpty();
  }

  @Test
  void forgetsATokenAtItsEnd() {
    tokens.remember("token", verification(Duration.ofMinutes(2)), TokenKeys.NONE);

    clock.advance(Duration.ofMinutes(2).minusMillis(1));
    assertThat(tokens.find("token")).isPresent();
    clock.advance(Duration.ofMillis(1));
    assertThat(tokens.find("token")).isEmpty();
  }

  @Test
  void tellsTokensApartByAllOfTheirCharacters() {
    tokens.remember("token", verification(Duration.ofHours(1)), TokenKeys.NONE);

    assertThat(tokens.find("token ")).isEmpty();
    assertThat(tokens.find("Token")).isEmpty();
  }

  @Test
  void remembersNoMoreThanItIsAllowedTo() {
    for (int i = 0; i < 10_000; i++) {
      tokens.remember("token-" + i, verification(Duration.ofHours(1)), TokenKeys.NONE);
    }

    long kept = 0;
    for (int i = 0; i < 10_000; i++) {
      kept += tokens.find("token-" + i).isPresent() ? 1 : 0;
    }
    assertThat(kept).isLessThanOrEqualTo(100);
  }
}
