package io.claviger.broker.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.identity.EdgeLogins.EdgeLogin;
import io.claviger.broker.identity.TokenReviews.Review;
import io.claviger.broker.identity.TokenVerifier.Caller;
import io.claviger.broker.telemetry.TokenMeters;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.RequestPriority;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens that their cluster has to confirm. */
class ReviewedTokensTest {

  private static final Instant START = Instant.parse("2026-05-01T10:00:00Z");
  private static final TokenMint MINT = new TokenMint("key-1");
  private static final Caller CALLER = new Caller("one", "node-1");
  private static final Review STANDING = new Review.Standing();
  private static final Review DENIED = new Review.Denied();
  private static final Review AWAY = new Review.Away("down");

  private final TestClock clock = new TestClock(START);
  private final FakeApiServer apiServer = new FakeApiServer();
  private final Issuers issuers = issuers();
  private final String token = MINT.token(TestClusters.issuer("one"), START).sign();
  private TokenVerifier verifier = verifier(ReviewPolicy.PREFERRED, 500);

  private Issuers issuers() {
    IssuerKeys keys =
        new IssuerKeys(
            TestClusters.named("one"),
            () -> CompletableFuture.completedStage(MINT.jwks()),
            clock,
            clock);
    keys.refresh();
    return new Issuers(List.of(keys));
  }

  private TokenVerifier verifier(ReviewPolicy policy, int perSecond) {
    return new PodTokenVerifier(
        issuers,
        Map.of("one", apiServer.checks(policy, perSecond, false, clock)),
        1000,
        clock,
        clock);
  }

  private CompletableFuture<TokenVerification> ask(String presented, RequestPriority priority) {
    return verifier.verify(presented, CALLER, priority).toCompletableFuture();
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

  private static void isVerified(TokenVerification verification) {
    assertThat(verification).isInstanceOf(TokenVerification.Verified.class);
  }

  @Test
  void areReviewedAtFirstSightForTheirAudienceAndNotAgainForAQuarterOfAnHour() {
    isVerified(verify(RequestPriority.FIRST));
    clock.advance(Duration.ofMinutes(14));
    isVerified(verify(RequestPriority.FIRST));
    assertThat(apiServer.reviewed).containsExactly("pods.eks.amazonaws.com");

    clock.advance(Duration.ofMinutes(2));
    isVerified(verify(RequestPriority.FIRST));
    assertThat(apiServer.reviewed).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = RequestPriority.class,
      names = {"ROUTINE", "NEAR_EXPIRY"})
  void areReviewedAgainWhenASessionIsRenewed(RequestPriority priority) {
    verify(RequestPriority.FIRST);
    clock.advance(Duration.ofSeconds(59));
    isVerified(verify(priority));
    assertThat(apiServer.reviewed).hasSize(1);

    clock.advance(Duration.ofSeconds(2));
    apiServer.says(DENIED);
    isGone(verify(priority));
  }

  @Test
  void areRefusedOnceTheirPodIsGoneAndTheRefusalIsRememberedForAMoment() {
    apiServer.says(DENIED);
    isGone(verify(RequestPriority.FIRST));
    isGone(verify(RequestPriority.ROUTINE));
    assertThat(apiServer.reviewed).hasSize(1);

    clock.advance(Duration.ofSeconds(5));
    apiServer.says(STANDING);
    isVerified(verify(RequestPriority.FIRST));
  }

  @Test
  void areBelievedAndCountedWhileTheClusterIsAwayWherePreferred() {
    apiServer.says(AWAY);
    isVerified(verify(RequestPriority.FIRST));

    assertThat(apiServer.count(TokenMeters.REVIEWS, "offline")).isEqualTo(1);
  }

  @Test
  void areUnconfirmedWhileTheClusterIsAwayWhereRequired() {
    verifier = verifier(ReviewPolicy.REQUIRED, 500);
    apiServer.says(AWAY);

    assertThat(verify(RequestPriority.FIRST))
        .isEqualTo(
            new TokenVerification.Unconfirmed(
                "the cluster cannot be asked whether the pod is still there: down"));
    apiServer.says(STANDING);
    isVerified(verify(RequestPriority.FIRST));
  }

  @Test
  void areNotReviewedWhereThatIsOff() {
    verifier = verifier(ReviewPolicy.OFF, 500);

    isVerified(verify(RequestPriority.ROUTINE));
    assertThat(apiServer.reviewed).isEmpty();
  }

  @Test
  void areReviewedOnceForAllWhoWait() {
    CompletableFuture<Review> slow = new CompletableFuture<>();
    apiServer.review = slow;
    CompletableFuture<TokenVerification> one = ask(token, RequestPriority.FIRST);
    CompletableFuture<TokenVerification> other = ask(token, RequestPriority.ROUTINE);
    assertThat(one).isNotDone();

    slow.complete(DENIED);

    isGone(one.join());
    isGone(other.join());
    assertThat(apiServer.reviewed).hasSize(1);
  }

  @Test
  void waitNoLongerThanTheTimeoutAndUseWhatComesLate() {
    CompletableFuture<Review> slow = new CompletableFuture<>();
    apiServer.review = slow;
    CompletableFuture<TokenVerification> waiting = ask(token, RequestPriority.FIRST);
    assertThat(waiting).isNotDone();

    apiServer.timers.forEach(Runnable::run);
    isVerified(waiting.join());

    slow.complete(DENIED);
    isGone(verify(RequestPriority.FIRST));
    assertThat(apiServer.reviewed).hasSize(1);
  }

  @Test
  void areSentNowhereBeforeTheyAreVerifiedAndOfTheCallersNode() {
    String forged = new TokenMint("key-1").token(TestClusters.issuer("one"), START).sign();
    String elsewhere = MINT.token(TestClusters.issuer("one"), START).node("node-2").sign();
    String strange =
        MINT.token(TestClusters.issuer("one"), START).audience("sts.amazonaws.com").sign();

    for (String bad : List.of(forged, elsewhere, strange, "x.y.z")) {
      assertThat(ask(bad, RequestPriority.FIRST).join())
          .isInstanceOf(TokenVerification.Rejected.class);
    }
    assertThat(apiServer.reviewed).isEmpty();
  }

  @Test
  void areReviewedSoManyASecondAtMost() {
    verifier = verifier(ReviewPolicy.REQUIRED, 2);
    for (int pod = 0; pod < 2; pod++) {
      isVerified(of(pod, "node-" + pod));
    }

    assertThat(of(2, "node-2")).isInstanceOf(TokenVerification.Unconfirmed.class);
    assertThat(apiServer.count(TokenMeters.REVIEWS, "throttled")).isEqualTo(1);
    clock.advance(Duration.ofSeconds(1));
    isVerified(of(2, "node-2"));
    assertThat(apiServer.reviewed).hasSize(3);
  }

  /** Otherwise a flood of new tokens would have a deleted pod's believed. */
  @Test
  void areNotBelievedWhereTheClusterIsNotAsked() {
    verifier = verifier(ReviewPolicy.PREFERRED, 1);
    isVerified(of(0, "node-1"));
    apiServer.says(DENIED);

    assertThat(of(1, "node-1"))
        .isEqualTo(
            new TokenVerification.Unconfirmed(
                "too many tokens are seen for the first time: try again"));
    assertThat(apiServer.count(TokenMeters.REVIEWS, "offline")).isZero();
  }

  @Test
  void areBelievedHoweverManyThereAreWhileTheClusterIsAwayWherePreferred() {
    verifier = verifier(ReviewPolicy.PREFERRED, 1);
    apiServer.says(AWAY);
    for (int pod = 0; pod < 5; pod++) {
      isVerified(of(pod, "node-1"));
    }
    assertThat(apiServer.reviewed).hasSize(1);

    clock.advance(Duration.ofSeconds(6));
    apiServer.says(STANDING);
    isVerified(of(5, "node-1"));
    assertThat(of(6, "node-1")).isInstanceOf(TokenVerification.Unconfirmed.class);
  }

  @Test
  void keepWhatIsKnownOfThemWhereTheyCannotBeReviewedAgain() {
    verifier = verifier(ReviewPolicy.REQUIRED, 1);
    isVerified(verify(RequestPriority.FIRST));
    clock.advance(Duration.ofSeconds(61));
    isVerified(of(1, "node-2"));

    assertThat(verify(RequestPriority.ROUTINE)).isInstanceOf(TokenVerification.Unconfirmed.class);
    isVerified(verify(RequestPriority.FIRST));
    assertThat(apiServer.reviewed).hasSize(2);
  }

  @Test
  void ofCallersThatAreBoundToNoNodeTakeNothingFromTheEdgesOfNodes() {
    verifier = verifier(ReviewPolicy.REQUIRED, 4);
    for (int pod = 0; pod < 2; pod++) {
      isVerified(broughtByAnybody(pod));
    }
    assertThat(broughtByAnybody(2)).isInstanceOf(TokenVerification.Unconfirmed.class);

    isVerified(of(3, "node-1"));
  }

  private TokenVerification broughtByAnybody(int pod) {
    String presented =
        MINT.token(TestClusters.issuer("one"), START).serviceAccount("app1", "web-" + pod).sign();
    return verifier
        .verify(presented, new Caller("one", null), RequestPriority.FIRST)
        .toCompletableFuture()
        .join();
  }

  @Test
  void ofOneNodeDoNotUseUpWhatThoseOfOthersAreReviewedBy() {
    verifier = verifier(ReviewPolicy.PREFERRED, 20);
    for (int pod = 0; pod < 10; pod++) {
      isVerified(of(pod, "node-1"));
    }
    assertThat(of(10, "node-1")).isInstanceOf(TokenVerification.Unconfirmed.class);
    isVerified(of(11, "node-2"));

    clock.advance(Duration.ofSeconds(1));
    isVerified(of(12, "node-1"));
    assertThat(of(13, "node-1")).isInstanceOf(TokenVerification.Unconfirmed.class);
  }

  private TokenVerification of(int pod, String node) {
    String presented =
        MINT.token(TestClusters.issuer("one"), START)
            .serviceAccount("app1", "web-" + pod)
            .node(node)
            .sign();
    return verifier
        .verify(presented, new Caller("one", node), RequestPriority.FIRST)
        .toCompletableFuture()
        .join();
  }

  @Test
  void areUnconfirmedWhenAskingFails() {
    verifier = verifier(ReviewPolicy.REQUIRED, 500);
    apiServer.review = CompletableFuture.failedStage(new IllegalStateException("a bug"));

    assertThat(verify(RequestPriority.FIRST)).isInstanceOf(TokenVerification.Unconfirmed.class);
  }

  private EdgeLogin login(ReviewPolicy policy) {
    String edge =
        MINT.token(TestClusters.issuer("one"), START)
            .audience(TestClusters.EDGE_AUDIENCE)
            .serviceAccount("kube-system", "edge")
            .sign();
    Map<String, PodChecks> checks = Map.of("one", apiServer.checks(policy, 500, true, clock));
    return new EdgeLogins(issuers, checks, clock)
        .login(edge, () -> {})
        .toCompletableFuture()
        .join();
  }

  @Test
  void areReviewedForAnEdgeToo() {
    assertThat(login(ReviewPolicy.PREFERRED)).isInstanceOf(EdgeLogin.Accepted.class);
    assertThat(apiServer.reviewed).containsExactly(TestClusters.EDGE_AUDIENCE);

    apiServer.says(DENIED);
    assertThat(login(ReviewPolicy.PREFERRED))
        .isEqualTo(new EdgeLogin.Rejected("the pod or its service account is gone"));
  }

  @Test
  void letAnEdgeInWhileTheClusterIsAwayOnlyWherePreferred() {
    apiServer.says(AWAY);

    assertThat(login(ReviewPolicy.PREFERRED)).isInstanceOf(EdgeLogin.Accepted.class);
    assertThat(login(ReviewPolicy.REQUIRED)).isInstanceOf(EdgeLogin.Rejected.class);
  }
}
