package io.claviger.broker.issuance;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.TagScope;

/**
 * A registered Kubernetes cluster, as sessions see it.
 *
 * @param name its registered name
 * @param arn as in session tags
 * @param account the 12 digits of the account of its roles
 * @param region as in external ids
 * @param defaultScope which pods share a session where the association does not say
 */
public record ClusterProfile(
    String name, String arn, String account, String region, TagScope defaultScope) {
  public ClusterProfile {
    Check.text(name, "name");
    Check.text(arn, "arn");
    Check.text(account, "account");
    Check.text(region, "region");
    Check.present(defaultScope, "defaultScope");
  }
}
