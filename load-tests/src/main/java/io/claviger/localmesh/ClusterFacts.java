package io.claviger.localmesh;

import io.claviger.schemas.Check;

/**
 * The Kubernetes cluster that the mesh simulates.
 *
 * @param name its registered name
 * @param account the 12 digits of its account
 * @param region its Region
 * @param issuer the {@code iss} of its tokens
 */
public record ClusterFacts(String name, String account, String region, String issuer) {

  /** An example cluster, with the account of AWS's own examples. */
  public static final ClusterFacts LOCAL =
      new ClusterFacts("local", "123456789012", "eu-central-1", "https://issuer.local.test");

  public ClusterFacts {
    Check.text(name, "name");
    Check.text(region, "region");
    Check.text(issuer, "issuer");
    if (!account.matches("\\d{12}")) {
      throw new IllegalArgumentException("an account has 12 digits, not '" + account + "'");
    }
  }

  /** Its ARN, as in session tags. */
  public String arn() {
    return "arn:aws:eks:" + region + ":" + account + ":cluster/" + name;
  }
}
