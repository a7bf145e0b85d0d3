package io.claviger.broker.ingress.api;

import io.claviger.schemas.Check;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * DescribeCluster's answer for a registered cluster.
 *
 * @param name the registered name
 * @param arn the ARN in session tags
 * @param issuer the issuer of service-account tokens
 * @param endpoint the API server's URL; null if no URL outside the cluster is known
 */
public record ClusterDescription(String name, String arn, String issuer, @Nullable URI endpoint) {
  public ClusterDescription {
    Check.text(name, "name");
    Check.text(arn, "arn");
    Check.text(issuer, "issuer");
  }
}
