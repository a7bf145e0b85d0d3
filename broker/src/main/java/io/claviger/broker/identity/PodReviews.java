package io.claviger.broker.identity;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.identity.TokenReviews.Review;
import io.claviger.broker.telemetry.TokenMeters;
import io.claviger.config.trust.TokenHash;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.bus.PodPolicy;
import io.claviger.schemas.bus.RefusalReason;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Whether one cluster still accepts verified tokens. An accepted token is cached as long as a
 * verified one. A denied token is cached for a moment, so that retries do not reach the cluster.
 */
final class PodReviews {

  /** The pod or its service account no longer exists. */
  static final TokenVerification GONE =
      new TokenVerification.Rejected(
          RefusalReason.INVALID_TOKEN, "the pod or its service account is gone");

  private static final Duration DENIAL = Duration.ofSeconds(5);

  private final String cluster;
  private final TokenReviews port;
  private final PodPolicy policy;
  private final AnswerTimeout timeout;
  private final TokenMeters meters;
  private final RateLimitedCache<TokenHash, Review> cache;

  PodReviews(
      PodChecks.Rules rules,
      TokenReviews port,
      int maximum,
      AnswerTimeout timeout,
      Ticker ticker,
      TokenMeters meters) {
    this.cluster = rules.cluster();
    this.port = port;
    this.policy = rules.policy();
    this.timeout = timeout;
    this.meters = meters;
    this.cache =
        new RateLimitedCache<>(
            maximum,
            rules.perSecond(),
            PodReviews::remembered,
            failure -> new Review.Away("the review failed: " + failure.getClass().getSimpleName()),
            Review.Away.class::isInstance,
            this::tooMany,
            ticker);
  }

  /**
   * Returns why a verified token must not be used; empty if it may be. Never fails.
   *
   * @param source the source that is charged with the request
   * @param oldest the maximum age of a cached review
   */
  CompletionStage<Optional<TokenVerification>> obstacle(
      String token, String audience, String source, Duration oldest) {
    if (policy == PodPolicy.OFF) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return timeout
        .within(
            cache
                .ask(
                    TokenHash.of(signed(token)), source, oldest, () -> port.review(token, audience))
                .thenApply(RateLimitedCache.Answer::what),
            new Review.Away("no answer in time"))
        .thenApply(this::obstacle);
  }

  /**
   * Returns the signed part of a verified token. An ES256 token has two valid signatures, (r, s)
   * and (r, n - s), and is one token with both.
   */
  private static String signed(String token) {
    return token.substring(0, token.lastIndexOf('.'));
  }

  private Optional<TokenVerification> obstacle(Review review) {
    return switch (review) {
      case Review.Standing standing -> {
        meters.review(cluster, "standing");
        yield Optional.empty();
      }
      case Review.Denied denied -> {
        meters.review(cluster, "denied");
        yield Optional.of(GONE);
      }
      case Review.NotAsked notAsked ->
          Optional.of(
              new TokenVerification.Unconfirmed(
                  "too many tokens are seen for the first time: try again"));
      case Review.Away(var message) when policy == PodPolicy.PREFERRED -> {
        meters.review(cluster, "offline");
        yield Optional.empty();
      }
      case Review.Away(var message) -> {
        meters.review(cluster, "unavailable");
        yield Optional.of(
            new TokenVerification.Unconfirmed(
                "the cluster cannot be asked whether the pod is still there: " + message));
      }
    };
  }

  private Review tooMany() {
    meters.review(cluster, "throttled");
    return new Review.NotAsked();
  }

  private static Duration remembered(Review review) {
    return switch (review) {
      case Review.Standing standing -> VerifiedTokens.LONGEST;
      case Review.Denied denied -> DENIAL;
      case Review.Away away -> Duration.ZERO;
      case Review.NotAsked notAsked -> Duration.ZERO;
    };
  }
}
