package io.claviger.broker.identity;

import static io.claviger.broker.identity.ReviewedCluster.isVerified;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.identity.TokenReviews.Review;
import io.claviger.broker.identity.TokenVerifier.Caller;
import io.claviger.broker.telemetry.TokenMeters;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.bus.PodPolicy;
import io.claviger.schemas.bus.RequestPriority;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tokens whose cluster accepts a bounded number of reviews per second. */
class ReviewQuotaTest {

  private final ReviewedCluster cluster = new ReviewedCluster();

  @Test
  void areReviewedSoManyASecondAtMost() {
    cluster.reviews(PodPolicy.REQUIRED, 2);
    for (int pod = 0; pod < 2; pod++) {
      isVerified(of(pod, "node-" + pod));
    }

    assertThat(of(2, "node-2")).isInstanceOf(TokenVerification.Unconfirmed.class);
    assertThat(cluster.apiServer.count(TokenMeters.REVIEWS, "throttled")).isEqualTo(1);
    cluster.clock.advance(Duration.ofSeconds(1));
    isVerified(of(2, "node-2"));
    assertThat(cluster.apiServer.reviewed).hasSize(3);
  }

  /** Otherwise a flood of new tokens would make a deleted pod's token valid. */
  @Test
  void areNotBelievedWhereTheClusterIsNotAsked() {
    cluster.reviews(PodPolicy.PREFERRED, 1);
    isVerified(of(0, "node-1"));
    cluster.apiServer.says(new Review.Denied());

    assertThat(of(1, "node-1"))
        .isEqualTo(
            new TokenVerification.Unconfirmed(
                "too many tokens are seen for the first time: try again"));
    assertThat(cluster.apiServer.count(TokenMeters.REVIEWS, "offline")).isZero();
  }

  @Test
  void areBelievedHoweverManyThereAreWhileTheClusterIsAwayWherePreferred() {
    cluster.reviews(PodPolicy.PREFERRED, 1);
    cluster.apiServer.says(new Review.Away("down"));
    for (int pod = 0; pod < 5; pod++) {
      isVerified(of(pod, "node-1"));
    }
    assertThat(cluster.apiServer.reviewed).hasSize(1);

    cluster.clock.advance(Duration.ofSeconds(6));
    cluster.apiServer.says(new Review.Standing());
    isVerified(of(5, "node-1"));
    assertThat(of(6, "node-1")).isInstanceOf(TokenVerification.Unconfirmed.class);
  }

  @Test
  void keepWhatIsKnownOfThemWhereTheyCannotBeReviewedAgain() {
    cluster.reviews(PodPolicy.REQUIRED, 1);
    isVerified(of(0, "node-1"));
    cluster.clock.advance(Duration.ofSeconds(61));
    isVerified(of(1, "node-2"));

    assertThat(of(0, "node-1", RequestPriority.ROUTINE))
        .isInstanceOf(TokenVerification.Unconfirmed.class);
    isVerified(of(0, "node-1"));
    assertThat(cluster.apiServer.reviewed).hasSize(2);
  }

  @Test
  void ofCallersThatAreBoundToNoNodeTakeNothingFromTheEdgesOfNodes() {
    cluster.reviews(PodPolicy.REQUIRED, 4);
    for (int pod = 0; pod < 2; pod++) {
      isVerified(broughtByAnybody(pod));
    }
    assertThat(broughtByAnybody(2)).isInstanceOf(TokenVerification.Unconfirmed.class);

    isVerified(of(3, "node-1"));
  }

  private TokenVerification broughtByAnybody(int pod) {
    String presented = cluster.token().serviceAccount("app1", "web-" + pod).sign();
    return cluster.verify(presented, new Caller("one", null), RequestPriority.FIRST).join();
  }

  @Test
  void ofOneNodeDoNotUseUpWhatThoseOfOthersAreReviewedBy() {
    cluster.reviews(PodPolicy.PREFERRED, 20);
    for (int pod = 0; pod < 10; pod++) {
      isVerified(of(pod, "node-1"));
    }
    assertThat(of(10, "node-1")).isInstanceOf(TokenVerification.Unconfirmed.class);
    isVerified(of(11, "node-2"));

    cluster.clock.advance(Duration.ofSeconds(1));
    isVerified(of(12, "node-1"));
    assertThat(of(13, "node-1")).isInstanceOf(TokenVerification.Unconfirmed.class);
  }

  private TokenVerification of(int pod, String node) {
    return of(pod, node, RequestPriority.FIRST);
  }

  private TokenVerification of(int pod, String node, RequestPriority priority) {
    String presented = cluster.token().serviceAccount("app1", "web-" + pod).node(node).sign();
    return cluster.verify(presented, new Caller("one", node), priority).join();
  }
}
