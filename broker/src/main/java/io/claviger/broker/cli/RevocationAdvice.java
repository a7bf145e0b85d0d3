package io.claviger.broker.cli;

import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.association.TagScope;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * IAM policies that end the sessions that pods already hold. They deny everything to sessions
 * issued before a point in time, as AWS's "revoke sessions" does for a role. If the sessions have
 * tags, a policy covers only the sessions with those of the subject.
 *
 * @param cluster the registered name
 * @param before sessions issued before this time are denied
 */
record RevocationAdvice(String cluster, Instant before) {

  private static final String SHARED =
      "All pods of the service account share the session: the policy ends it for all of them. To"
          + " give the others a new session, revoke the workload, lift that revocation, then attach"
          + " the policy.";
  private static final String UNTAGGED =
      "The sessions carry no tags: the policy ends every older session of the role.";

  /**
   * An inline policy for one role.
   *
   * @param roleArn the role to attach the policy to
   * @param name the name of the policy
   * @param document the policy document
   * @param note a warning for the operator; may be empty
   */
  record Deny(String roleArn, String name, String document, String note) {
    String roleName() {
      return roleArn.substring(roleArn.lastIndexOf('/') + 1);
    }
  }

  /** Returns the policies for a subject, given the associations that may concern it. */
  List<Deny> denies(RevokedSubject subject, List<RemoteAssociation> associations) {
    return switch (subject.kind()) {
      case ROLE ->
          Stream.concat(
                  Stream.of(subject.name()),
                  associations.stream()
                      .map(RemoteAssociation::spec)
                      .filter(spec -> spec.roleArn().equals(subject.name()))
                      .map(RevocationAdvice::lastRole))
              .distinct()
              .map(role -> new Deny(role, "claviger-revoked", document(Map.of()), ""))
              .toList();
      case WORKLOAD -> associations.stream().map(one -> of(one, workload(one.spec()), "")).toList();
      case POD -> associations.stream().map(one -> ofPod(one, subject.name())).toList();
      case NODE -> ofNode(associations);
    };
  }

  private Deny ofPod(RemoteAssociation one, String name) {
    AssociationSpec spec = one.spec();
    if (!TagScope.POD.text().equals(spec.tags().get(TagScope.TAG)) || spec.disableSessionTags()) {
      return of(one, workload(spec), SHARED);
    }
    Map<String, String> tags = workload(spec);
    int slash = name.indexOf('/');
    tags.put(slash < 0 ? "kubernetes-pod-uid" : "kubernetes-pod-name", name.substring(slash + 1));
    return of(one, tags, "");
  }

  /** No session tag names the node, so the policies cover all sessions of the cluster. */
  private List<Deny> ofNode(List<RemoteAssociation> associations) {
    Map<String, List<RemoteAssociation>> byRole =
        associations.stream()
            .collect(
                Collectors.groupingBy(
                    one -> lastRole(one.spec()), LinkedHashMap::new, Collectors.toList()));
    Function<List<RemoteAssociation>, Boolean> tagged =
        all -> all.stream().noneMatch(one -> one.spec().disableSessionTags());
    return byRole.entrySet().stream()
        .map(
            role ->
                tagged.apply(role.getValue())
                    ? new Deny(role.getKey(), "claviger-revoked", document(ofCluster()), "")
                    : new Deny(role.getKey(), "claviger-revoked", document(Map.of()), UNTAGGED))
        .toList();
  }

  private Deny of(RemoteAssociation one, Map<String, String> tags, String note) {
    String name = "claviger-revoked-" + one.id();
    return one.spec().disableSessionTags()
        ? new Deny(lastRole(one.spec()), name, document(Map.of()), UNTAGGED)
        : new Deny(lastRole(one.spec()), name, document(tags), note);
  }

  private Map<String, String> ofCluster() {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("eks-cluster-name", cluster);
    return tags;
  }

  private Map<String, String> workload(AssociationSpec spec) {
    Map<String, String> tags = ofCluster();
    tags.put("kubernetes-namespace", spec.namespace());
    tags.put("kubernetes-service-account", spec.serviceAccount());
    return tags;
  }

  /** The role of the session that pods hold. */
  private static String lastRole(AssociationSpec spec) {
    String target = spec.targetRoleArn();
    return target == null ? spec.roleArn() : target;
  }

  private String document(Map<String, String> tags) {
    // AWS records the time of a session in whole seconds, so the current second is included.
    Instant end = before.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    Map<String, Object> condition = new LinkedHashMap<>();
    condition.put("DateLessThan", Map.of("aws:TokenIssueTime", end.toString()));
    if (!tags.isEmpty()) {
      Map<String, String> equal = new LinkedHashMap<>();
      tags.forEach((tag, value) -> equal.put("aws:PrincipalTag/" + tag, value));
      condition.put("StringEquals", equal);
    }
    return IamPolicies.denyEverything("EndOlderSessions", condition);
  }
}
