package io.claviger.broker.ingress;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a login bound to a connection.
 *
 * @param cluster the registered name of the edge's cluster
 * @param node the node it serves
 * @param nodeUid that node's uid; absent where no token has named it
 * @param validUntil the end of the connection, unless a newer token is presented
 */
public record EdgeSession(
    String cluster, String node, @Nullable String nodeUid, Instant validUntil) {

  boolean ended(Instant now) {
    return !now.isBefore(validUntil);
  }
}
