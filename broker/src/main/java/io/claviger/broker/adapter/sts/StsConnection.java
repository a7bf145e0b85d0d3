package io.claviger.broker.adapter.sts;

import io.claviger.schemas.Check;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * How STS is reached.
 *
 * @param primary the Region that is asked
 * @param failOver the Region that is asked while the primary one fails
 * @param attemptTimeout how long one call may take
 * @param deadline how long opening one session may take: both hops
 * @param concurrency calls at once
 */
public record StsConnection(
    Endpoint primary,
    Optional<Endpoint> failOver,
    Duration attemptTimeout,
    Duration deadline,
    int concurrency) {

  /**
   * A Region's STS.
   *
   * @param region which Region signs and answers
   * @param uri where; the Region's own endpoint when absent
   */
  public record Endpoint(String region, Optional<URI> uri) {
    public Endpoint {
      Check.text(region, "region");
      Check.present(uri, "uri");
    }
  }

  public StsConnection {
    Check.present(primary, "primary");
    Check.present(failOver, "failOver");
    Check.present(attemptTimeout, "attemptTimeout");
    Check.present(deadline, "deadline");
  }
}
