package io.claviger.broker.ingress.api;

import java.time.Duration;

/**
 * Limits of the API's endpoint.
 *
 * @param connections maximum of open connections. From half of it on, a new connection closes the
 *     oldest one of the busiest address. Connections without a signed request go first, as long as
 *     there are many
 * @param underWay maximum of requests in progress; further ones are throttled
 * @param headerBytes maximum of one request's headers
 * @param bodyBytes maximum of one request's body; no operation needs more, and AWS documents no
 *     limit
 * @param idle time after which an idle connection is closed; longer than the deadlines, because a
 *     connection is idle while its request is in progress
 * @param bodyDeadline time from a request's headers to the end of its body
 * @param deadline time from a request's body to its answer
 * @param certificateCheck interval between checks of the certificate's files
 * @param drain how long requests in progress may take when the endpoint closes
 * @param watches limits of watches
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

  /** Returns the default limits. */
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
