package io.claviger.edge.upstream;

import io.claviger.config.lifecycle.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How brokers are reached.
 *
 * @param brokers their bridges; a name may stand for several
 * @param authorities that sign their certificate, a PEM file
 * @param tokenFile the edge's own token
 * @param hedgeAfter silence after which the second broker is asked too
 * @param maxConnectionAge after which a connection is replaced, give or take a tenth
 * @param maxPending requests that may wait on one connection
 */
public record UpstreamOptions(
    List<HostPort> brokers,
    Path authorities,
    Path tokenFile,
    Duration hedgeAfter,
    Duration maxConnectionAge,
    int maxPending) {

  public UpstreamOptions {
    brokers = List.copyOf(brokers);
  }
}
