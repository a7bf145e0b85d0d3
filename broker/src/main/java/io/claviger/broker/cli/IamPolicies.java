package io.claviger.broker.cli;

import io.claviger.schemas.Check;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * IAM policy documents for a mesh: the trust policies of the pods' roles, and the permissions of
 * the brokers' role. The principal is the brokers' role; on EKS it is a service principal. The
 * session tags name the workload. If an association disables them, the external id does.
 */
public final class IamPolicies {

  private static final String VERSION = "2012-10-17";
  private static final String ASSUME = "sts:AssumeRole";
  private static final String TAG = "sts:TagSession";

  private IamPolicies() {}

  /**
   * A workload that a role trusts.
   *
   * @param clusterArn the registered ARN: {@code arn:aws:eks:REGION:ACCOUNT:cluster/NAME}
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
            "--cluster-arn must be arn:aws:eks:REGION:ACCOUNT:cluster/NAME, not " + clusterArn);
      }
    }

    /** {@code region/account/cluster/namespace/service-account}. */
    String externalId() {
      String[] parts = clusterArn.split(":", ARN_PARTS);
      return String.join(
          "/", parts[3], parts[4], parts[5].substring(CLUSTER.length()), namespace, serviceAccount);
    }
  }

  /** Returns the trust policy of a role whose sessions have tags. */
  public static String trustByTags(String brokerRoleArn, Workload workload, boolean keepEks) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("aws:RequestTag/eks-cluster-arn", workload.clusterArn());
    tags.put("aws:RequestTag/kubernetes-namespace", workload.namespace());
    tags.put("aws:RequestTag/kubernetes-service-account", workload.serviceAccount());
    return trust(brokerRoleArn, List.of(ASSUME, TAG), tags, keepEks);
  }

  /** Returns the trust policy of a role whose association disables session tags. */
  public static String trustByExternalId(String brokerRoleArn, Workload workload, boolean keepEks) {
    return trust(
        brokerRoleArn, List.of(ASSUME), Map.of("sts:ExternalId", workload.externalId()), keepEks);
  }

  /**
   * Returns the trust policy of a target role. The session of the association's role assumes it.
   */
  public static String trustOfTarget(String sourceRoleArn, Workload workload) {
    // The tags of the first session are transitive, so the target role must allow TagSession.
    return trust(
        sourceRoleArn,
        List.of(ASSUME, TAG),
        Map.of("sts:ExternalId", workload.externalId()),
        false);
  }

  /**
   * Returns the permissions policy of the brokers' role: it may only assume the roles of one path.
   *
   * @param account 12 digits, or {@code *}
   * @param rolePath the path without a leading or trailing slash, for example {@code pods}
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

  /** Returns an inline role policy that denies everything to sessions that meet a condition. */
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
