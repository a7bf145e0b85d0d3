package io.claviger.broker.ingress.admission;

import io.claviger.schemas.Check;
import java.util.Optional;

/**
 * What pods of a cluster get.
 *
 * @param cluster the registered name of the cluster
 * @param audience of the tokens
 * @param family which of the edges' addresses pods are told
 * @param region for containers that name none
 * @param stsRegionalEndpoints whether SDKs of old are told to use the Region's STS
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
