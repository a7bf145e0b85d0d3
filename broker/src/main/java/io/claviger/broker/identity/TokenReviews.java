package io.claviger.broker.identity;

import java.util.concurrent.CompletionStage;

/**
 * A cluster's review of a token that is already verified: the port to its TokenReview
 * (authentication.k8s.io/v1).
 */
@FunctionalInterface
public interface TokenReviews {

  /**
   * Reviews whether the token's pod and service account still exist.
   *
   * @param token with a valid signature; other tokens are never sent
   * @param audience of the token
   * @return within the adapter's deadline; never fails
   */
  CompletionStage<Review> review(String token, String audience);

  /** The result of a review. */
  sealed interface Review {

    /** The pod and the service account exist. */
    record Standing() implements Review {}

    /** The cluster no longer accepts the token. */
    record Denied() implements Review {}

    /**
     * The cluster does not respond now.
     *
     * @param message why, for a person; nothing of the token
     */
    record Away(String message) implements Review {}

    /** The rate limit did not allow the review, because too many tokens are new. */
    record NotAsked() implements Review {}
  }
}
