package io.claviger.broker.ingress;

import java.time.Duration;

/**
 * Limits of a broker's bridge, for each edge and for all edges together.
 *
 * @param connections maximum of connections after login; further logins are rejected
 * @param connectionsBeforeLogin maximum of connections before login; beyond it, connections of the
 *     busiest source are closed. A broker that admits 50 a second admits all of them before the
 *     first edge times out (3 s)
 * @param undisturbed minimum time before a connection is closed in favour of another one
 * @param loginDeadline time until login; then the connection is closed
 * @param bytesBeforeLogin maximum of bytes that a connection may send before login
 * @param outstanding maximum of unanswered requests of one connection
 * @param writeQueueBytes maximum of unread bytes for one edge; beyond it, the connection is closed
 * @param requestTimeout how long a request may wait for its answer
 * @param sweep interval between checks of token expiry and login deadlines
 * @param certificateCheck interval between checks of the certificate's files
 * @param drain how long requests in progress may take when the bridge stops
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

  /** Returns the default limits. */
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
