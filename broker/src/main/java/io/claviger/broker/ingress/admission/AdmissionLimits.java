package io.claviger.broker.ingress.admission;

import java.time.Duration;

/**
 * What API servers may take of this endpoint, all of them; one address has half of it at most.
 *
 * @param connections open at once; more are closed as they come
 * @param underWay reviews that were read and have no answer yet; more are rejected
 * @param bodyBytes of one review: a pod of 3 MiB, the most that an API server takes, and what is
 *     said beside it
 * @param bytesUnderWay that have come of all reviews that have no answer yet; who sends more is
 *     rejected
 * @param idle after which a connection without traffic is closed; longer than the 90 s after which
 *     an API server does it
 * @param bodyDeadline from a request's headers to the end of its body
 * @param deadline from the request's body to its answer
 * @param certificateCheck how often the certificate's files are looked at
 * @param drain how long requests under way may take to end when the endpoint closes
 */
public record AdmissionLimits(
    int connections,
    int underWay,
    int bodyBytes,
    long bytesUnderWay,
    Duration idle,
    Duration bodyDeadline,
    Duration deadline,
    Duration certificateCheck,
    Duration drain) {

  public AdmissionLimits {
    if (idle.compareTo(deadline) <= 0 || idle.compareTo(bodyDeadline) <= 0) {
      throw new IllegalArgumentException("idle must be longer than the deadlines");
    }
  }

  /** The usual limits: within the 5 s that API servers are told to wait. */
  public static AdmissionLimits of(Duration drain) {
    return new AdmissionLimits(
        500,
        1_000,
        4 << 20,
        64L << 20,
        Duration.ofSeconds(120),
        Duration.ofMillis(1_500),
        // Twice one and a half for a list of what is declared.
        Duration.ofSeconds(3),
        Duration.ofSeconds(10),
        drain);
  }
}
