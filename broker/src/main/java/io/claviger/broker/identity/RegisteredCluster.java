package io.claviger.broker.identity;

import io.claviger.schemas.Check;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A Kubernetes cluster that this broker serves, with the settings for verifying its tokens.
 *
 * @param name as in EKS: 1 to 100 of {@code [0-9A-Za-z_-]}, a letter or digit first
 * @param issuer the {@code iss} of its service-account tokens; no two clusters may share one
 * @param audience the {@code aud} of pod tokens
 * @param edgeAudience the {@code aud} of the edges' own tokens. It differs from {@code audience},
 *     so that a pod's token never opens a connection
 * @param edgeServiceAccounts the service accounts of the edges, each {@code namespace/name}
 */
public record RegisteredCluster(
    String name,
    String issuer,
    String audience,
    String edgeAudience,
    Set<String> edgeServiceAccounts) {

  private static final Pattern NAME = Pattern.compile("[0-9A-Za-z][0-9A-Za-z_-]{0,99}");
  private static final Pattern SERVICE_ACCOUNT = Pattern.compile("[a-z0-9-]+/[a-z0-9.-]+");

  public RegisteredCluster {
    Check.text(name, "name");
    Check.text(issuer, "issuer");
    Check.text(audience, "audience");
    Check.text(edgeAudience, "edgeAudience");
    edgeServiceAccounts = Set.copyOf(edgeServiceAccounts);
    require(NAME.matcher(name).matches(), "not a cluster name: '" + name + "'");
    require(
        !audience.equals(edgeAudience),
        "audience and edgeAudience of cluster " + name + " are the same");
    require(!edgeServiceAccounts.isEmpty(), "edgeServiceAccounts of cluster " + name + " is empty");
    for (String edge : edgeServiceAccounts) {
      require(
          SERVICE_ACCOUNT.matcher(edge).matches(),
          "edgeServiceAccounts of cluster " + name + ": not namespace/name: '" + edge + "'");
    }
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
