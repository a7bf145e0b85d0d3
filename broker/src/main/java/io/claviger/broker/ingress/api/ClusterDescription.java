package io.claviger.broker.ingress.api;

import io.claviger.schemas.Check;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What DescribeCluster tells of a registered cluster.
 *
 * @param name its registered name
 * @param arn as in session tags
 * @param issuer of its service-account tokens
 * @param endpoint of its API server; absent where none is known that is good outside of the cluster
 */
public record ClusterDescription(String name, String arn, String issuer, @Nullable URI endpoint) {
  public ClusterDescription {
    Check.text(name, "name");
    Check.text(arn, "arn");
    Check.text(issuer, "issuer");
  }
}
