package io.claviger.broker.identity;

import java.util.concurrent.CompletionStage;

/**
 * A cluster's word on a token that is verified already: the port to its TokenReview
 * (authentication.k8s.io/v1).
 */
@FunctionalInterface
public interface TokenReviews {

  /**
   * Asks whether the token's pod and service account are still there.
   *
   * @param token whose signature is right: no other one is sent anywhere
   * @param audience that it was made for
   * @return within the adapter's deadline; never fails
   */
  CompletionStage<Review> review(String token, String audience);

  /** What the cluster says. */
  sealed interface Review {

    /** They are there. */
    record Standing() implements Review {}

    /** The cluster does not take the token any more. */
    record Denied() implements Review {}

    /**
     * It says nothing now.
     *
     * @param message why, for a person; nothing of the token
     */
    record Away(String message) implements Review {}

    /** It was not asked: too many tokens are new. The requester's own doing says nothing of it. */
    record NotAsked() implements Review {}
  }
}
