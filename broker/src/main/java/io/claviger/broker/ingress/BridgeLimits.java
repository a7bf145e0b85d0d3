package io.claviger.broker.ingress;

import java.time.Duration;

/**
 * What one edge, and all of them together, may take of a broker.
 *
 * @param connections of edges that have logged in, at once; more are rejected
 * @param connectionsBeforeLogin open at once; for more, some of the busiest source are closed. So
 *     few that all of them are let in before the first one's edge gives up (3 s), by a broker that
 *     has the time for 50 a second
 * @param undisturbed for so long at least a connection is not closed for another one
 * @param loginDeadline a connection that has not logged in by then is closed
 * @param bytesBeforeLogin what a connection may send before it has logged in
 * @param outstanding requests of one connection that wait for an answer
 * @param writeQueueBytes waiting to be read by one edge; an edge that has more waiting is cut off
 * @param requestTimeout how long a request may wait for its answer
 * @param sweep how often ends and deadlines of connections are looked at
 * @param certificateCheck how often the certificate's files are looked at
 * @param drain how long requests under way may take to end when the bridge stops
 */
public record BridgeLimits(
    int connections,
    int connectionsBeforeLogin,
    Duration undisturbed,
    Duration loginDeadline,
    int bytesBeforeLogin,
    int outstanding,
    int writeQueueBytes,
    Duration requestTimeout,
    Duration sweep,
    Duration certificateCheck,
    Duration drain) {

  /** The usual limits. */
  public static BridgeLimits of(int connections, Duration drain) {
    return new BridgeLimits(
        connections,
        128,
        Duration.ofMillis(200),
        Duration.ofSeconds(5),
        16 * 1024,
        1024,
        256 * 1024,
        Duration.ofSeconds(9),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        drain);
  }
}
