package io.claviger.broker.ingress;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The session of a connection after login.
 *
 * @param cluster the registered name of the edge's cluster
 * @param node the edge's node
 * @param nodeUid the node's uid; null if no token has named it
 * @param validUntil the end of the connection, unless the edge presents a newer token
 */
public record EdgeSession(
    String cluster, String node, @Nullable String nodeUid, Instant validUntil) {

  boolean ended(Instant now) {
    return !now.isBefore(validUntil);
  }
}
