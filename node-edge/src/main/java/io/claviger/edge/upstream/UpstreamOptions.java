package io.claviger.edge.upstream;

import io.claviger.config.lifecycle.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How brokers are reached.
 *
 * @param node that the edge is on: decides which of the brokers it prefers
 * @param brokers their bridges; a name may stand for several
 * @param authorities that sign their certificate, a PEM file
 * @param tokenFile the edge's own token
 * @param maxConnectionAge after which a connection is replaced, give or take a tenth
 * @param rebalanceEvery how often it is looked whether there are brokers that it prefers, give or
 *     take a quarter; for that time, or half of it, an address that failed comes last: so it is to
 *     be several times the longest pause between two attempts
 * @param maxPending requests that may wait on one connection
 */
public record UpstreamOptions(
    String node,
    List<HostPort> brokers,
    Path authorities,
    Path tokenFile,
    Duration maxConnectionAge,
    Duration rebalanceEvery,
    int maxPending) {

  /** A broker lets 1,024 requests of a connection wait, of all kinds. */
  public static final int MAX_PENDING = 768;

  /**
   * With what DNS caches (a few seconds), a broker that comes has its share within a minute; 5,000
   * edges look up its name 250 times a second together.
   */
  public static final Duration REBALANCE_EVERY = Duration.ofSeconds(20);

  public UpstreamOptions {
    brokers = List.copyOf(brokers);
  }
}
