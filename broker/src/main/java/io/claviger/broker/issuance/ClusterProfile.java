package io.claviger.broker.issuance;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.TagScope;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A registered Kubernetes cluster, as far as sessions depend on it.
 *
 * @param name its registered name
 * @param arn as in session tags
 * @param account the 12 digits of the account of its roles
 * @param region as in external ids
 * @param defaultScope which pods share a session if the association sets no scope
 */
public record ClusterProfile(
    String name, String arn, String account, String region, TagScope defaultScope) {

  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

  public ClusterProfile {
    Check.text(name, "name");
    Check.text(arn, "arn");
    Check.text(account, "account");
    if (!ACCOUNT.matcher(account).matches()) {
      throw new IllegalArgumentException("account of cluster " + name + " is not 12 digits");
    }
    Check.text(region, "region");
    Check.present(defaultScope, "defaultScope");
  }

  /**
   * The external id that a role's trust policy may require if no tags identify the pod: {@code
   * region/account/cluster/namespace/service-account}, as in EKS Pod Identity. Absent if there are
   * tags but no target role.
   */
  public Optional<String> externalId(AssociationSpec spec) {
    return spec.targetRoleArn() == null && !spec.disableSessionTags()
        ? Optional.empty()
        : Optional.of(
            String.join("/", region, account, name, spec.namespace(), spec.serviceAccount()));
  }
}
