package io.claviger.broker.ingress;

import java.time.Instant;

/**
 * What a login bound to a connection.
 *
 * @param cluster the registered name of the edge's cluster
 * @param node the node it serves
 * @param validUntil the end of the connection, unless a newer token is presented
 */
record EdgeSession(String cluster, String node, Instant validUntil) {

  boolean ended(Instant now) {
    return !now.isBefore(validUntil);
  }
}
