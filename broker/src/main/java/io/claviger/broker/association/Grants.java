package io.claviger.broker.association;

import static java.util.stream.Collectors.groupingBy;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.RevokedSubject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * All grants at one moment. What no grant covers is denied. A single grant must cover the whole
 * request: two grants that cover a part each do not add up.
 *
 * <p>The checks return what is missing, as text for a person; empty if the request is granted.
 */
public final class Grants {

  /** No principal may do anything. */
  public static final Grants NONE = new Grants(List.of());

  private static final String HINT = ": add one to the brokers' grants";

  private final Map<String, List<Grant>> byKey;
  private final List<Grant> ofObjects;

  public Grants(List<Grant> grants) {
    ofObjects = grants.stream().filter(one -> Grant.isOfObjects(one.principal())).toList();
    byKey =
        Map.copyOf(
            grants.stream()
                .filter(one -> !Grant.isOfObjects(one.principal()))
                .collect(groupingBy(Grant::principal)));
  }

  /** Checks whether a principal may write an association with this specification. */
  public Optional<String> missing(String principal, String cluster, AssociationSpec spec) {
    return unless(
        of(principal).stream().anyMatch(grant -> grant.covers(cluster, spec)),
        () ->
            principal
                + " has no grant for "
                + spec.roleArn()
                + (spec.targetRoleArn() == null ? "" : " with target " + spec.targetRoleArn())
                + in(cluster, spec.namespace()));
  }

  /**
   * Checks whether an association may still issue its role: the grants of its principal may have
   * shrunk.
   */
  public Optional<String> missing(Association association) {
    return missing(association.grantedBy(), association.cluster(), association.spec());
  }

  /** Checks whether a principal may read, tag or delete an association of a namespace. */
  public Optional<String> missing(String principal, String cluster, String namespace) {
    return unless(
        covers(principal, cluster, namespace),
        () -> principal + " has no grant" + in(cluster, namespace));
  }

  /** Checks whether a principal may read any association of a cluster. */
  public Optional<String> missing(String principal, String cluster) {
    return unless(
        of(principal).stream().anyMatch(grant -> grant.cluster().matches(cluster)),
        () -> principal + " has no grant for cluster " + cluster + HINT);
  }

  /**
   * Checks whether a principal may fetch credentials of any pod of that cluster by the EKS Auth
   * API.
   */
  public Optional<String> missingToAssume(String principal, String cluster) {
    return unless(
        of(principal).stream()
            .anyMatch(grant -> grant.assume() && grant.cluster().matches(cluster)),
        () -> principal + " has no grant with assume: true for cluster " + cluster + HINT);
  }

  /**
   * Checks whether a principal may fetch credentials of a pod in that namespace by the EKS Auth
   * API.
   */
  public Optional<String> missingToAssume(String principal, String cluster, String namespace) {
    return unless(
        of(principal).stream()
            .anyMatch(grant -> grant.assume() && grant.covers(cluster, namespace)),
        () -> principal + " has no grant with assume: true" + in(cluster, namespace));
  }

  /** Checks whether a principal may revoke a subject and lift the revocation. */
  public Optional<String> missingToRevoke(
      String principal, String cluster, RevokedSubject subject) {
    return unless(
        of(principal).stream()
            .filter(Grant::revoke)
            .anyMatch(
                grant ->
                    grant.coversAllNamespaces(cluster)
                        || (subject.name().indexOf('/') > 0
                            && switch (subject.kind()) {
                              case WORKLOAD, POD ->
                                  grant.covers(
                                      cluster,
                                      subject.name().substring(0, subject.name().indexOf('/')));
                              case ROLE, NODE -> false;
                            })),
        () ->
            principal
                + " has no grant with revoke: true for "
                + subject.text()
                + " of cluster "
                + cluster
                + HINT);
  }

  /** Checks whether a principal may revoke everything in a cluster and lift those revocations. */
  public Optional<String> missingToRevokeEverywhere(String principal, String cluster) {
    return unless(
        of(principal).stream()
            .anyMatch(grant -> grant.revoke() && grant.coversAllNamespaces(cluster)),
        () -> principal + " has no grant with revoke: true for all of cluster " + cluster + HINT);
  }

  /** Returns whether a grant over all namespaces covers an association with this specification. */
  boolean coversEverywhere(String principal, String cluster, AssociationSpec spec) {
    return of(principal).stream()
        .anyMatch(grant -> grant.coversAllNamespaces(cluster) && grant.covers(cluster, spec));
  }

  /** Returns whether a principal may see the associations of a namespace. */
  public boolean covers(String principal, String cluster, String namespace) {
    return of(principal).stream().anyMatch(grant -> grant.covers(cluster, namespace));
  }

  private static Optional<String> unless(boolean granted, Supplier<String> missing) {
    return granted ? Optional.empty() : Optional.of(missing.get());
  }

  private static String in(String cluster, String namespace) {
    return " in namespace " + namespace + " of cluster " + cluster + HINT;
  }

  private List<Grant> of(String principal) {
    return Grant.isOfObjects(principal)
        ? ofObjects(principal.substring(Grant.NAMESPACE.length()))
        : byKey.getOrDefault(principal, List.of());
  }

  private List<Grant> ofObjects(String namespace) {
    return ofObjects.stream().flatMap(one -> one.ofObjectsIn(namespace).stream()).toList();
  }
}
