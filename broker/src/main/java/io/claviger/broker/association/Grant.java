package io.claviger.broker.association;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.AssociationSpec;
import java.util.List;
import java.util.Optional;

/**
 * What somebody may do with associations; on EKS this is {@code iam:PassRole}. Whoever may write
 * associations in one namespace without it could take any role there.
 *
 * @param principal whose it is: {@code key/NAME} of an API key, or {@code namespace/PATTERN} of the
 *     Kubernetes objects of namespaces, each for its own alone
 * @param cluster which clusters
 * @param namespaces which namespaces of them
 * @param roles which roles may be associated, by ARN; none: associations may only be read, tagged
 *     and deleted
 * @param targetRoles which target roles, by ARN
 * @param assume whether the principal may fetch pods' credentials by the EKS Auth API
 * @param revoke whether the principal may revoke; of a role or a node only where it covers every
 *     namespace
 */
public record Grant(
    String principal,
    NamePattern cluster,
    List<NamePattern> namespaces,
    List<NamePattern> roles,
    List<NamePattern> targetRoles,
    boolean assume,
    boolean revoke) {

  /** Before the name of an API key. */
  public static final String KEY = "key/";

  /** Before the name of a namespace whose Kubernetes objects say what is to be associated. */
  public static final String NAMESPACE = "namespace/";

  private static final NamePattern EVERYTHING = new NamePattern("*");

  public Grant {
    Check.text(principal, "principal");
    Check.present(cluster, "cluster");
    if (!principal.startsWith(KEY) && !principal.startsWith(NAMESPACE)) {
      throw new IllegalArgumentException("a principal is key/NAME or namespace/NAME");
    }
    namespaces = List.copyOf(namespaces);
    roles = List.copyOf(roles);
    targetRoles = List.copyOf(targetRoles);
  }

  /** Every association of every cluster; no credentials of pods. */
  public static Grant ofEverything(String principal) {
    List<NamePattern> all = List.of(EVERYTHING);
    return new Grant(principal, EVERYTHING, all, all, all, false, true);
  }

  /** Whether a principal is a namespace, which asks by its Kubernetes objects. */
  static boolean isOfObjects(String principal) {
    return principal.startsWith(NAMESPACE);
  }

  /**
   * What it is for the objects of one namespace, whatever else it covers; nothing if not theirs.
   */
  Optional<Grant> ofObjectsIn(String namespace) {
    NamePattern whose = new NamePattern(principal.substring(NAMESPACE.length()));
    return whose.matches(namespace) && any(namespaces, namespace)
        ? Optional.of(
            new Grant(
                NAMESPACE + namespace,
                cluster,
                List.of(new NamePattern(namespace)),
                roles,
                targetRoles,
                assume,
                revoke))
        : Optional.empty();
  }

  boolean covers(String inCluster, String namespace) {
    return cluster.matches(inCluster) && any(namespaces, namespace);
  }

  boolean coversAllNamespaces(String inCluster) {
    return cluster.matches(inCluster) && namespaces.contains(EVERYTHING);
  }

  boolean covers(String inCluster, AssociationSpec spec) {
    String target = spec.targetRoleArn();
    return covers(inCluster, spec.namespace())
        && any(roles, spec.roleArn())
        && (target == null || any(targetRoles, target));
  }

  private static boolean any(List<NamePattern> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(name));
  }
}
