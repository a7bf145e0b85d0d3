package io.claviger.broker.identity;

import static io.claviger.broker.identity.ReviewedCluster.isVerified;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.identity.EdgeLogins.EdgeLogin;
import io.claviger.broker.identity.TokenReviews.Review;
import io.claviger.broker.identity.TokenVerifier.Caller;
import io.claviger.broker.telemetry.TokenMeters;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.bus.PodPolicy;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.RequestPriority;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens that their cluster has to confirm. */
class ReviewedTokensTest {

  private static final Review STANDING = new Review.Standing();
  private static final Review DENIED = new Review.Denied();
  private static final Review AWAY = new Review.Away("down");
  private final ReviewedCluster cluster = new ReviewedCluster();
  private final String token = cluster.token().sign();

  private CompletableFuture<TokenVerification> ask(String presented, RequestPriority priority) {
    return cluster.verify(presented, new Caller("one", "node-1"), priority);
  }

  private TokenVerification verify(RequestPriority priority) {
    return ask(token, priority).join();
  }

  private void isGone(TokenVerification verification) {
    assertThat(verification)
        .isEqualTo(
            new TokenVerification.Rejected(
                RefusalReason.INVALID_TOKEN, "the pod or its service account is gone"));
  }

  @Test
  void areReviewedAtFirstSightForTheirAudienceAndNotAgainForAQuarterOfAnHour() {
    isVerified(verify(RequestPriority.FIRST));
    cluster.clock.advance(Duration.ofMinutes(14));
    isVerified(verify(RequestPriority.FIRST));
    assertThat(cluster.apiServer.reviewed).containsExactly("pods.eks.amazonaws.com");

    cluster.clock.advance(Duration.ofMinutes(2));
    isVerified(verify(RequestPriority.FIRST));
    assertThat(cluster.apiServer.reviewed).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = RequestPriority.class,
      names = {"ROUTINE", "NEAR_EXPIRY"})
  void areReviewedAgainWhenASessionIsRenewed(RequestPriority priority) {
    verify(RequestPriority.FIRST);
    cluster.clock.advance(Duration.ofSeconds(59));
    isVerified(verify(priority));
    assertThat(cluster.apiServer.reviewed).hasSize(1);

    cluster.clock.advance(Duration.ofSeconds(2));
    cluster.apiServer.says(DENIED);
    isGone(verify(priority));
  }

  @Test
  void areRefusedOnceTheirPodIsGoneAndTheRefusalIsRememberedForAMoment() {
    cluster.apiServer.says(DENIED);
    isGone(verify(RequestPriority.FIRST));
    isGone(verify(RequestPriority.ROUTINE));
    assertThat(cluster.apiServer.reviewed).hasSize(1);

    cluster.clock.advance(Duration.ofSeconds(5));
    cluster.apiServer.says(STANDING);
    isVerified(verify(RequestPriority.FIRST));
  }

  @Test
  void areBelievedAndCountedWhileTheClusterIsAwayWherePreferred() {
    cluster.apiServer.says(AWAY);
    isVerified(verify(RequestPriority.FIRST));

    assertThat(cluster.apiServer.count(TokenMeters.REVIEWS, "offline")).isEqualTo(1);
  }

  @Test
  void areUnconfirmedWhileTheClusterIsAwayWhereRequired() {
    cluster.reviews(PodPolicy.REQUIRED, 500);
    cluster.apiServer.says(AWAY);

    assertThat(verify(RequestPriority.FIRST))
        .isEqualTo(
            new TokenVerification.Unconfirmed(
                "the cluster cannot be asked whether the pod is still there: down"));
    cluster.apiServer.says(STANDING);
    isVerified(verify(RequestPriority.FIRST));
  }

  @Test
  void areNotReviewedWhereThatIsOff() {
    cluster.reviews(PodPolicy.OFF, 500);

    isVerified(verify(RequestPriority.ROUTINE));
    assertThat(cluster.apiServer.reviewed).isEmpty();
  }

  @Test
  void areReviewedOnceForAllWhoWait() {
    CompletableFuture<Review> slow = new CompletableFuture<>();
    cluster.apiServer.review = slow;
    CompletableFuture<TokenVerification> one = ask(token, RequestPriority.FIRST);
    CompletableFuture<TokenVerification> other = ask(token, RequestPriority.ROUTINE);
    assertThat(one).isNotDone();

    slow.complete(DENIED);

    isGone(one.join());
    isGone(other.join());
    assertThat(cluster.apiServer.reviewed).hasSize(1);
  }

  @Test
  void waitNoLongerThanTheTimeoutAndUseWhatComesLate() {
    CompletableFuture<Review> slow = new CompletableFuture<>();
    cluster.apiServer.review = slow;
    CompletableFuture<TokenVerification> waiting = ask(token, RequestPriority.FIRST);
    assertThat(waiting).isNotDone();

    cluster.apiServer.timers.forEach(Runnable::run);
    isVerified(waiting.join());

    slow.complete(DENIED);
    isGone(verify(RequestPriority.FIRST));
    assertThat(cluster.apiServer.reviewed).hasSize(1);
  }

  @Test
  void areSentNowhereBeforeTheyAreVerifiedAndOfTheCallersNode() {
    String forged =
        new TokenMint("key-1").token(TestClusters.issuer("one"), ReviewedCluster.START).sign();
    String elsewhere = cluster.token().node("node-2").sign();
    String strange = cluster.token().audience("sts.amazonaws.com").sign();

    for (String bad : List.of(forged, elsewhere, strange, "x.y.z")) {
      assertThat(ask(bad, RequestPriority.FIRST).join())
          .isInstanceOf(TokenVerification.Rejected.class);
    }
    assertThat(cluster.apiServer.reviewed).isEmpty();
  }

  @Test
  void areUnconfirmedWhenAskingFails() {
    cluster.reviews(PodPolicy.REQUIRED, 500);
    cluster.apiServer.review = CompletableFuture.failedStage(new IllegalStateException("a bug"));

    assertThat(verify(RequestPriority.FIRST)).isInstanceOf(TokenVerification.Unconfirmed.class);
  }

  private EdgeLogin login(PodPolicy policy) {
    String edge =
        cluster
            .token()
            .audience(TestClusters.EDGE_AUDIENCE)
            .serviceAccount("kube-system", "edge")
            .sign();
    Map<String, PodChecks> checks =
        Map.of("one", cluster.apiServer.checks(policy, 500, true, cluster.clock));
    return new EdgeLogins(cluster.issuers, checks, cluster.clock)
        .login(edge, () -> {})
        .toCompletableFuture()
        .join();
  }

  @Test
  void areReviewedForAnEdgeToo() {
    assertThat(login(PodPolicy.PREFERRED)).isInstanceOf(EdgeLogin.Accepted.class);
    assertThat(cluster.apiServer.reviewed).containsExactly(TestClusters.EDGE_AUDIENCE);

    cluster.apiServer.says(DENIED);
    assertThat(login(PodPolicy.PREFERRED))
        .isEqualTo(new EdgeLogin.Rejected("the pod or its service account is gone"));
  }

  @Test
  void letAnEdgeInWhileTheClusterIsAwayOnlyWherePreferred() {
    cluster.apiServer.says(AWAY);

    assertThat(login(PodPolicy.PREFERRED)).isInstanceOf(EdgeLogin.Accepted.class);
    assertThat(login(PodPolicy.REQUIRED)).isInstanceOf(EdgeLogin.Rejected.class);
  }
}
