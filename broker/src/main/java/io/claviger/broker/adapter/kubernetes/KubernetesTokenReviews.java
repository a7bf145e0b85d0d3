package io.claviger.broker.adapter.kubernetes;

import io.claviger.broker.identity.TokenReviews;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TokenReview, {@code authentication.k8s.io/v1}, of one cluster. Needs {@code create} of {@code
 * tokenreviews}. Logs when the cluster becomes unavailable, and when it is available again.
 */
final class KubernetesTokenReviews implements TokenReviews {

  private static final Logger LOG = LoggerFactory.getLogger(KubernetesTokenReviews.class);
  private static final String PATH = "/apis/authentication.k8s.io/v1/tokenreviews";

  /** Longer than any request waits: the result is cached for the next one. */
  private static final Duration DEADLINE = Duration.ofSeconds(2);

  /** The API server looks up the pod in its storage, and reports a storage failure as a denial. */
  private static final Pattern STORAGE_FAILURE =
      Pattern.compile(
          "time(d)? ?out|deadline exceeded|context canceled|connection refused|unavailable|"
              + "no leader|too many requests",
          Pattern.CASE_INSENSITIVE);

  private final String cluster;
  private final ApiCalls calls;
  private final AtomicBoolean away = new AtomicBoolean();

  /** Reviews tokens of a cluster, by its registered name. */
  KubernetesTokenReviews(Vertx vertx, KubernetesClient client, String cluster) {
    this.cluster = cluster;
    this.calls = new ApiCalls(vertx, client, DEADLINE);
  }

  @Override
  public CompletionStage<Review> review(String token, String audience) {
    TokenReview request =
        new TokenReviewBuilder()
            .withNewSpec()
            .withToken(token)
            // Without audiences, the token would have to be for the API server itself.
            .withAudiences(List.of(audience))
            .endSpec()
            .build();
    return calls
        .post(PATH, request)
        .map(answer -> read(answer, audience))
        .otherwise(failure -> new Review.Away(said(failure)))
        .onSuccess(this::logTransition)
        .toCompletionStage();
  }

  private Review read(ApiCalls.Answer answer, String audience) {
    if (answer.status() != 200 && answer.status() != 201) {
      return new Review.Away(
          "the API server answered "
              + answer.status()
              + (answer.status() == 403 ? ": the broker may not create tokenreviews" : ""));
    }
    TokenReviewStatus status = calls.read(answer, TokenReview.class).getStatus();
    if (status == null) {
      return new Review.Away("the API server answered without a status");
    }
    if (Boolean.TRUE.equals(status.getAuthenticated())) {
      // An API server without support for audiences omits them, and has not checked them.
      return status.getAudiences().contains(audience)
          ? new Review.Standing()
          : new Review.Away("the API server does not check audiences");
    }
    String error = status.getError();
    return error != null && STORAGE_FAILURE.matcher(error).find()
        ? new Review.Away("the API server cannot read its storage")
        : new Review.Denied();
  }

  /** The failure's own message may contain the sent body, so only its class is used. */
  private static String said(Throwable failure) {
    return "the API server cannot be reached (" + failure.getClass().getSimpleName() + ")";
  }

  private void logTransition(Review review) {
    boolean isAway = review instanceof Review.Away;
    if (away.getAndSet(isAway) == isAway) {
      return;
    }
    if (review instanceof Review.Away(var message)) {
      LOG.atWarn()
          .addKeyValue("cluster", cluster)
          .addKeyValue("reason", message)
          .log("the cluster cannot review tokens");
    } else {
      LOG.atInfo().addKeyValue("cluster", cluster).log("the cluster can review tokens again");
    }
  }
}
