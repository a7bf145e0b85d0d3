package io.claviger.broker.adapter.sts;

import io.claviger.schemas.Check;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * How STS is reached.
 *
 * @param endpoint where; the Region's own endpoint when absent
 * @param region which Region signs and answers
 * @param attemptTimeout how long one attempt may take
 * @param deadline how long opening one session may take: all attempts, both hops
 * @param concurrency calls at once
 */
public record StsConnection(
    Optional<URI> endpoint,
    String region,
    Duration attemptTimeout,
    Duration deadline,
    int concurrency) {
  public StsConnection {
    Check.text(region, "region");
    Check.present(attemptTimeout, "attemptTimeout");
    Check.present(deadline, "deadline");
  }
}
