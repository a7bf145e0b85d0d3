package io.claviger.broker.ingress.admission;

import java.time.Duration;

/**
 * Limits of the webhook for all API servers. One address has at most half of each.
 *
 * @param connections maximum of open connections; further ones are closed immediately
 * @param underWay maximum of reviews in progress; further ones are rejected
 * @param bodyBytes maximum of one review: a pod of 3 MiB, an API server's own limit, and the fields
 *     around it
 * @param bytesUnderWay maximum of received bytes of all reviews in progress; beyond it, reviews are
 *     rejected
 * @param idle time after which an idle connection is closed; longer than an API server's 90 s
 * @param bodyDeadline time from a request's headers to the end of its body
 * @param deadline time from a request's body to its answer
 * @param certificateCheck interval between checks of the certificate's files
 * @param drain how long requests in progress may take when the endpoint closes
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

  /** Returns the default limits, which fit the webhook's timeout of 5 s. */
  public static AdmissionLimits of(Duration drain) {
    return new AdmissionLimits(
        500,
        1_000,
        4 << 20,
        64L << 20,
        Duration.ofSeconds(120),
        Duration.ofMillis(1_500),
        // Twice the 1.5 s for a list of the declared objects.
        Duration.ofSeconds(3),
        Duration.ofSeconds(10),
        drain);
  }
}
