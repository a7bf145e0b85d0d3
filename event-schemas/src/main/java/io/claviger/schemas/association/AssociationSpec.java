package io.claviger.schemas.association;

import io.claviger.schemas.Check;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The requested state of an association: the fields of EKS's CreatePodIdentityAssociation.
 *
 * @param namespace the namespace of the service account
 * @param serviceAccount the service account
 * @param roleArn the role that its pods get, or the first hop if there is a target role
 * @param targetRoleArn a second role, assumed with the first role's credentials
 * @param disableSessionTags whether sessions carry no tags
 * @param policy a session policy as JSON text, at most 2,048 characters; needs disableSessionTags
 * @param tags the association's own tags, at most 50
 */
public record AssociationSpec(
    String namespace,
    String serviceAccount,
    String roleArn,
    @Nullable String targetRoleArn,
    boolean disableSessionTags,
    @Nullable String policy,
    Map<String, String> tags) {

  public AssociationSpec {
    Check.text(namespace, "namespace");
    Check.text(serviceAccount, "serviceAccount");
    Check.text(roleArn, "roleArn");
    tags = tags == null ? Map.of() : Map.copyOf(tags);
    if (policy != null && !disableSessionTags) {
      throw new IllegalArgumentException("policy needs disableSessionTags: true");
    }
    if (policy != null && policy.length() > 2048) {
      throw new IllegalArgumentException("policy is longer than 2,048 characters");
    }
    String scope = tags.get(TagScope.TAG);
    if (scope != null) {
      TagScope.of(scope);
    }
  }

  /** Returns the scope in the tag {@value TagScope#TAG}; if absent, the registration decides. */
  public Optional<TagScope> tagScope() {
    return Optional.ofNullable(tags.get(TagScope.TAG)).map(TagScope::of);
  }

  /**
   * Returns the same spec with other tags.
   *
   * @throws IllegalArgumentException if the tags name a scope that does not exist
   */
  public AssociationSpec withTags(Map<String, String> others) {
    return new AssociationSpec(
        namespace, serviceAccount, roleArn, targetRoleArn, disableSessionTags, policy, others);
  }
}
