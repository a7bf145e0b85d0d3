package io.claviger.broker.ingress.admission;

import io.claviger.schemas.Check;
import java.util.Optional;

/**
 * The values that are injected into pods of a cluster.
 *
 * @param cluster the registered name of the cluster
 * @param audience the audience of the tokens
 * @param family the address family of the edge's endpoint
 * @param region the Region for containers that set none
 * @param stsRegionalEndpoints whether old SDKs are configured to use the Region's STS
 */
public record Injection(
    String cluster,
    String audience,
    IpFamily family,
    Optional<String> region,
    boolean stsRegionalEndpoints) {

  public Injection {
    Check.text(cluster, "cluster");
    Check.text(audience, "audience");
  }
}
