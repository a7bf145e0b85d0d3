package io.claviger.broker.cli;

import io.claviger.schemas.Check;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * IAM policy documents for a mesh: what a pod's role must trust, and what the brokers' role may do.
 * Claviger's brokers assume the roles where EKS has a service principal of its own; who the session
 * is for is in its tags, or, where it has none, in the external id.
 */
public final class IamPolicies {

  private static final String VERSION = "2012-10-17";
  private static final String ASSUME = "sts:AssumeRole";
  private static final String TAG = "sts:TagSession";

  private IamPolicies() {}

  /**
   * A workload whose sessions a role may be assumed for.
   *
   * @param clusterArn as the cluster is registered: {@code arn:aws:eks:REGION:ACCOUNT:cluster/NAME}
   */
  public record Workload(String clusterArn, String namespace, String serviceAccount) {
    private static final int ARN_PARTS = 6;
    private static final String CLUSTER = "cluster/";

    public Workload {
      Check.text(namespace, "namespace");
      Check.text(serviceAccount, "serviceAccount");
      String[] parts = clusterArn.split(":", ARN_PARTS);
      if (parts.length != ARN_PARTS || !parts[5].startsWith(CLUSTER)) {
        throw new IllegalArgumentException(
            "a cluster's ARN is arn:aws:eks:REGION:ACCOUNT:cluster/NAME, not " + clusterArn);
      }
    }

    /** {@code region/account/cluster/namespace/service-account}. */
    String externalId() {
      String[] parts = clusterArn.split(":", ARN_PARTS);
      return String.join(
          "/", parts[3], parts[4], parts[5].substring(CLUSTER.length()), namespace, serviceAccount);
    }
  }

  /** The trust policy of a role whose sessions carry tags. */
  public static String trustByTags(String brokerRoleArn, Workload workload, boolean keepEks) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("aws:RequestTag/eks-cluster-arn", workload.clusterArn());
    tags.put("aws:RequestTag/kubernetes-namespace", workload.namespace());
    tags.put("aws:RequestTag/kubernetes-service-account", workload.serviceAccount());
    return trust(brokerRoleArn, List.of(ASSUME, TAG), tags, keepEks);
  }

  /** The trust policy of a role whose association disables session tags. */
  public static String trustByExternalId(String brokerRoleArn, Workload workload, boolean keepEks) {
    return trust(
        brokerRoleArn, List.of(ASSUME), Map.of("sts:ExternalId", workload.externalId()), keepEks);
  }

  /**
   * The trust policy of a target role, which is assumed by the session of an association's role.
   */
  public static String trustOfTarget(String sourceRoleArn, Workload workload) {
    // The tags of the first session are transitive: they come along, and have to be allowed.
    return trust(
        sourceRoleArn,
        List.of(ASSUME, TAG),
        Map.of("sts:ExternalId", workload.externalId()),
        false);
  }

  /**
   * What the brokers' role may do: assume the roles of one path, and nothing else.
   *
   * @param account 12 digits, or {@code *}
   * @param rolePath the path without slashes around it, {@code pods}
   */
  public static String broker(String partition, String account, String rolePath) {
    Map<String, Object> statement = statement("AssumePodRoles");
    statement.put("Action", List.of(ASSUME, TAG));
    statement.put("Resource", "arn:" + partition + ":iam::" + account + ":role/" + rolePath + "/*");
    return document(List.of(statement));
  }

  private static String trust(
      String principal, List<String> actions, Map<String, String> equal, boolean keepEks) {
    List<Map<String, Object>> statements = new ArrayList<>();
    Map<String, Object> statement = statement("ClavigerPods");
    statement.put("Principal", Map.of("AWS", principal));
    statement.put("Action", actions);
    statement.put("Condition", Map.of("StringEquals", equal));
    statements.add(statement);
    if (keepEks) {
      Map<String, Object> eks = statement("EksPodIdentity");
      eks.put("Principal", Map.of("Service", "pods.eks.amazonaws.com"));
      eks.put("Action", List.of(ASSUME, TAG));
      statements.add(eks);
    }
    return document(statements);
  }

  /** Denies everything to sessions that meet a condition; an inline policy of a role. */
  static String denyEverything(String sid, Map<String, Object> condition) {
    Map<String, Object> statement = statement(sid, "Deny");
    statement.put("Action", "*");
    statement.put("Resource", "*");
    statement.put("Condition", condition);
    return document(List.of(statement));
  }

  private static Map<String, Object> statement(String sid) {
    return statement(sid, "Allow");
  }

  private static Map<String, Object> statement(String sid, String effect) {
    Map<String, Object> statement = new LinkedHashMap<>();
    statement.put("Sid", sid);
    statement.put("Effect", effect);
    return statement;
  }

  private static String document(List<Map<String, Object>> statements) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("Version", VERSION);
    document.put("Statement", statements);
    return JsonText.of(document);
  }
}
