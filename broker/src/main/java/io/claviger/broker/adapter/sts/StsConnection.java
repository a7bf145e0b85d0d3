package io.claviger.broker.adapter.sts;

import io.claviger.schemas.Check;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The endpoints and limits of STS calls.
 *
 * @param primary the Region that is used normally
 * @param failOver the Region that is used while the primary one fails
 * @param attemptTimeout the maximum time of one call
 * @param deadline the maximum time of opening one session, both hops
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
   * @param region that signs and answers
   * @param uri the URL; the Region's own endpoint if absent
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
