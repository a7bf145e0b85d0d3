package io.claviger.broker.ingress.api;

import io.claviger.broker.association.ObjectReconciliation;
import io.claviger.broker.issuance.ClusterProfile;
import io.claviger.schemas.association.Association;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * ARNs of associations: {@code
 * arn:<partition>:eks:<region>:<account>:podidentityassociation/<cluster>/<id>}. Partition, Region
 * and account come from the cluster's registration.
 */
public final class AssociationArns {

  private static final Pattern ARN =
      Pattern.compile("(arn:[^:]+:eks:[^:]+:[^:]+:podidentityassociation/)([^/]+)/([^/]+)");

  private final Map<String, ClusterProfile> clusters;

  /**
   * Creates the ARNs of registered clusters.
   *
   * @param clusters the clusters by name
   */
  public AssociationArns(Map<String, ClusterProfile> clusters) {
    this.clusters = Map.copyOf(clusters);
  }

  /** The association that an ARN names. */
  record Named(String cluster, String id) {}

  boolean isRegistered(String cluster) {
    return clusters.containsKey(cluster);
  }

  /** Returns the ARN of an association of a registered cluster. */
  public String of(Association association) {
    return prefix(association.cluster()).orElseThrow()
        + association.cluster()
        + "/"
        + association.id();
  }

  /** Returns the external id of an association's sessions, if they have one. */
  public Optional<String> externalId(Association association) {
    return Optional.ofNullable(clusters.get(association.cluster()))
        .flatMap(known -> known.externalId(association.spec()));
  }

  /** Parses an ARN. Returns empty if it is not an association of a registered cluster. */
  Optional<Named> parse(String arn) {
    Matcher matcher = ARN.matcher(arn);
    return matcher.matches()
            && prefix(matcher.group(2)).filter(matcher.group(1)::equals).isPresent()
        ? Optional.of(new Named(matcher.group(2), matcher.group(3)))
        : Optional.empty();
  }

  /** Returns the owner's ARN of an association that objects made; otherwise null. */
  @Nullable String owner(Association association) {
    ClusterProfile known = clusters.get(association.cluster());
    return known == null || !ObjectReconciliation.isMadeByObjects(association)
        ? null
        : known.arn() + "/" + association.grantedBy();
  }

  private Optional<String> prefix(String cluster) {
    return Optional.ofNullable(clusters.get(cluster))
        .map(
            known ->
                "arn:%s:eks:%s:%s:podidentityassociation/"
                    .formatted(partition(known.arn()), known.region(), known.account()));
  }

  private static String partition(String clusterArn) {
    String[] parts = clusterArn.split(":", 3);
    return parts.length == 3 ? parts[1] : "aws";
  }
}
