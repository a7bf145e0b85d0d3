package io.claviger.broker.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.identity.TokenVerifier.Caller;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A token and the key set of a real API server. */
class RealTokenTest {

  private static final String ISSUER = "https://kubernetes.default.svc";
  private static final String AUDIENCE = "pods.eks.amazonaws.com";
  private static final Instant ISSUED = Instant.ofEpochSecond(1795545046);
  private static final Instant EXPIRES = Instant.ofEpochSecond(1795631446);

  private static TokenVerification verify(
      Instant now, String issuer, String audience, String node) {
    TestClock clock = new TestClock(now);
    RegisteredCluster cluster =
        new RegisteredCluster(
            "real", issuer, audience, TestClusters.EDGE_AUDIENCE, Set.of("kube-system/edge"));
    IssuerKeys keys =
        new IssuerKeys(
            cluster, () -> CompletableFuture.completedStage(vector("jwks.json")), clock, clock);
    keys.refresh();
    return new PodTokenVerifier(new Issuers(List.of(keys)), 10, clock, clock)
        .verify(vector("sample-token.jwt").strip(), new Caller("real", node), RequestPriority.FIRST)
        .toCompletableFuture()
        .join();
  }

  private static void isRefused(TokenVerification verification, RefusalReason reason) {
    assertThat(verification)
        .isInstanceOfSatisfying(
            TokenVerification.Rejected.class,
            rejected -> assertThat(rejected.reason()).isEqualTo(reason));
  }

  @Test
  void isVerifiedWithinItsLife() {
    TokenVerification.Verified verified =
        new TokenVerification.Verified(
            new WorkloadIdentity(
                "real", "app1", "web", "web-0", "42635b4c-1ab3-4889-b5c2-492743372aef", "node1"),
            EXPIRES,
            "yshAp5eWlEFpwwubwjMbXdRlhr_n1zzwcejHaAUM38E");

    assertThat(verify(ISSUED, ISSUER, AUDIENCE, "node1")).isEqualTo(verified);
    assertThat(verify(EXPIRES.minusMillis(1), ISSUER, AUDIENCE, "node1")).isEqualTo(verified);
  }

  @Test
  void isRefusedAfterItsLife() {
    isRefused(verify(EXPIRES, ISSUER, AUDIENCE, "node1"), RefusalReason.EXPIRED_TOKEN);
  }

  @Test
  void isRefusedBeforeItsLife() {
    isRefused(
        verify(ISSUED.minusSeconds(61), ISSUER, AUDIENCE, "node1"), RefusalReason.PREMATURE_TOKEN);
  }

  @Test
  void isRefusedForAnotherAudience() {
    isRefused(verify(ISSUED, ISSUER, "sts.amazonaws.com", "node1"), RefusalReason.WRONG_AUDIENCE);
  }

  @Test
  void isRefusedWhereItsIssuerIsNotRegistered() {
    isRefused(verify(ISSUED, "https://other.test", AUDIENCE, "node1"), RefusalReason.INVALID_TOKEN);
  }

  @Test
  void isRefusedOnAnotherNode() {
    isRefused(verify(ISSUED, ISSUER, AUDIENCE, "node2"), RefusalReason.WRONG_NODE);
  }

  private static String vector(String name) {
    try (InputStream file = RealTokenTest.class.getResourceAsStream("/vectors/" + name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
