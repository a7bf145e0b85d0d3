package io.claviger.broker.association;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.AssociationSpec;
import java.util.List;
import java.util.Optional;

/**
 * What a principal may do with associations; EKS uses {@code iam:PassRole} for this. Without it, a
 * client that may write associations in one namespace could use any role there.
 *
 * @param principal {@code key/NAME} for an API key, or {@code namespace/PATTERN} for the Kubernetes
 *     objects of namespaces, each for its own namespace only
 * @param cluster which clusters
 * @param namespaces which of their namespaces
 * @param roles which roles may be associated, by ARN; none: associations may only be read, tagged
 *     and deleted
 * @param targetRoles which target roles, by ARN
 * @param assume whether the principal may fetch pods' credentials by the EKS Auth API
 * @param revoke whether the principal may revoke; a role or a node only if the grant covers every
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

  /** The prefix of an API key's name. */
  public static final String KEY = "key/";

  /** The prefix of a namespace whose Kubernetes objects declare associations. */
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

  /** Returns a grant for every association of every cluster, without pods' credentials. */
  public static Grant ofEverything(String principal) {
    List<NamePattern> all = List.of(EVERYTHING);
    return new Grant(principal, EVERYTHING, all, all, all, false, true);
  }

  /** Returns whether a principal is a namespace, which acts through its Kubernetes objects. */
  static boolean isOfObjects(String principal) {
    return principal.startsWith(NAMESPACE);
  }

  /**
   * Returns what the grant gives to the objects of one namespace, whatever else it covers; empty if
   * it is not for them.
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
