package io.claviger.broker.ingress.api;

import java.time.Duration;

/**
 * What clients may take of this endpoint.
 *
 * @param connections open at once; from half of it on the busiest address loses its oldest one: one
 *     on which nothing signed has come, as long as there are many of these
 * @param underWay requests that have no answer yet; more are throttled
 * @param headerBytes of one request
 * @param bodyBytes of one request; AWS's own limit is not told, no operation needs more
 * @param idle after which a connection without traffic is closed; longer than the deadlines, as one
 *     whose request is under way has none
 * @param bodyDeadline from a request's headers to the end of its body
 * @param deadline from the request's body to its answer
 * @param certificateCheck how often the certificate's files are looked at
 * @param drain how long requests under way may take to end when the endpoint closes
 * @param watches what watches may take
 */
public record ApiLimits(
    int connections,
    int underWay,
    int headerBytes,
    int bodyBytes,
    Duration idle,
    Duration bodyDeadline,
    Duration deadline,
    Duration certificateCheck,
    Duration drain,
    WatchLimits watches) {

  public ApiLimits {
    if (idle.compareTo(deadline) <= 0 || idle.compareTo(bodyDeadline) <= 0) {
      throw new IllegalArgumentException("idle must be longer than the deadlines");
    }
  }

  /** The usual limits. */
  public static ApiLimits of(Duration drain) {
    return new ApiLimits(
        2_000,
        512,
        16 * 1024,
        64 * 1024,
        Duration.ofSeconds(60),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        drain,
        WatchLimits.usual());
  }
}
