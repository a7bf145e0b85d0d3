package io.claviger.edge.upstream;

import io.claviger.config.lifecycle.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How brokers are reached.
 *
 * @param node of the edge: decides which of the brokers it prefers
 * @param brokers their bridges; a name may resolve to several
 * @param authorities that sign their certificate, a PEM file
 * @param tokenFile the edge's own token
 * @param maxConnectionAge after which a connection is replaced, give or take a tenth
 * @param rebalanceEvery how often the edge looks for brokers that it prefers, give or take a
 *     quarter. An address that failed comes last for this time, or for half of it. It must be
 *     several times the longest pause between two attempts.
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

  /** Below the limit of a broker: 1,024 pending requests per connection, of all kinds. */
  public static final int MAX_PENDING = 768;

  /**
   * With DNS caches of a few seconds, a new broker has its share within a minute. Together, 5,000
   * edges look up its name 250 times a second.
   */
  public static final Duration REBALANCE_EVERY = Duration.ofSeconds(20);

  public UpstreamOptions {
    brokers = List.copyOf(brokers);
  }
}
