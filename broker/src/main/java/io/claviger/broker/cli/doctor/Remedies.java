package io.claviger.broker.cli.doctor;

import io.claviger.schemas.bus.RefusalReason;
import java.util.Arrays;

/**
 * The fix of each error that node-edge returns, with the known arguments filled in.
 *
 * @param cluster the registered name
 * @param clusterArn the registered ARN
 * @param audience the audience that tokens must have
 */
record Remedies(
    String cluster, String clusterArn, String audience, String namespace, String serviceAccount) {

  /** Always has an endpoint: without it, the AWS CLI would call AWS's own EKS. */
  private static final String AWS_EKS =
      "aws eks %s-pod-identity-association --endpoint-url BROKERS_API_URL --cluster-name %s";

  /**
   * Returns the fix of an error.
   *
   * @param reason the name of a {@link RefusalReason}; if unknown, the status decides
   */
  String of(int status, String reason) {
    return Arrays.stream(RefusalReason.values())
        .filter(known -> known.name().equals(reason))
        .findFirst()
        .map(this::of)
        .orElseGet(() -> of(status));
  }

  private String of(RefusalReason reason) {
    return switch (reason) {
      case INVALID_TOKEN ->
          "send the pod's own projected token, and register its issuer with the brokers:"
              + " claviger.broker.clusters[0].issuer and .jwks";
      case EXPIRED_TOKEN -> "read the token file again for each request; see `token life`";
      case PREMATURE_TOKEN -> "compare the clocks of the node and of the API server";
      case WRONG_AUDIENCE -> "project the token with the audience " + audience;
      case WRONG_NODE ->
          "a token is valid only on its pod's node: send the request from the pod, and check that"
              + " claviger.edge.node is the node's name in Kubernetes";
      case NO_ASSOCIATION -> create();
      case NOT_GRANTED ->
          "in the brokers' grants file, widen the grant of the access key that created the"
              + " association, or create it again with another key: see docs/associations.md";
      case ROLE_REVOKED ->
          "see ./claviger revoke --list; to lift the revocation: ./claviger revoke --workload %s/%s --undo, or --role ARN --undo"
              .formatted(namespace, serviceAccount);
      case POD_REVOKED ->
          "see ./claviger revoke --list; to lift the revocation: ./claviger revoke --pod"
              + " NAMESPACE/POD --undo, or --node NODE --undo";
      case ROLE_DENIED -> trust();
      case ROLE_MISCONFIGURED ->
          "see ./claviger associations list --cluster %s --namespace %s --service-account %s -o json;"
                  .formatted(cluster, namespace, serviceAccount)
              + " correct what STS rejects: "
              + AWS_EKS.formatted("update", cluster)
              + " --association-id ASSOCIATION_ID ...";
    };
  }

  private String of(int status) {
    return switch (status) {
      case 403 ->
          "send the request to the link-local address, http://169.254.170.23/v1/credentials;"
              + " otherwise see the message";
      case 404 -> "if the path is not /v1/credentials, correct it; otherwise: " + create();
      case 503 ->
          "brokers or STS cannot answer at present: check node-edge's /readyz, and a broker with"
              + " --broker-management URL; docs/runbook.md#a-part-has-failed";
      default -> "see the message";
    };
  }

  String create() {
    return AWS_EKS.formatted("create", cluster)
        + " --namespace %s --service-account %s --role-arn ROLE_ARN"
            .formatted(namespace, serviceAccount);
  }

  private String trust() {
    return "give the role this trust policy: ./claviger iam trust-policy --broker-role-arn BROKER_ROLE_ARN"
        + " --cluster-arn %s --namespace %s --service-account %s"
            .formatted(clusterArn, namespace, serviceAccount);
  }
}
