package io.claviger.broker.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.identity.TokenVerifier.Caller;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.bus.PodPolicy;
import io.claviger.schemas.bus.RequestPriority;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The cluster one, whose API server confirms tokens as a test sets. */
final class ReviewedCluster {

  static final Instant START = Instant.parse("2026-05-01T10:00:00Z");
  private static final TokenMint MINT = new TokenMint("key-1");

  final TestClock clock = new TestClock(START);
  final FakeApiServer apiServer = new FakeApiServer();
  final Issuers issuers = TestClusters.issuers(MINT, clock);
  private TokenVerifier verifier = verifier(PodPolicy.PREFERRED, 500);

  /** Sets other rules and clears the cache. */
  void reviews(PodPolicy policy, int perSecond) {
    verifier = verifier(policy, perSecond);
  }

  private TokenVerifier verifier(PodPolicy policy, int perSecond) {
    return new PodTokenVerifier(
        issuers,
        Map.of("one", apiServer.checks(policy, perSecond, false, clock)),
        1000,
        clock,
        clock);
  }

  TokenMint.Draft token() {
    return MINT.token(TestClusters.issuer("one"), START);
  }

  CompletableFuture<TokenVerification> verify(
      String token, Caller caller, RequestPriority priority) {
    return verifier.verify(token, caller, priority).toCompletableFuture();
  }

  static void isVerified(TokenVerification verification) {
    assertThat(verification).isInstanceOf(TokenVerification.Verified.class);
  }
}
