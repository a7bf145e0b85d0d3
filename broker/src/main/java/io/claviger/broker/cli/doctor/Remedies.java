package io.claviger.broker.cli.doctor;

import io.claviger.schemas.bus.RefusalReason;
import java.util.Arrays;

/**
 * What to do about each of node-edge's answers that is no credentials, with what is known filled
 * in.
 *
 * @param cluster registered name
 * @param clusterArn as registered
 * @param audience that tokens have to have
 */
record Remedies(
    String cluster, String clusterArn, String audience, String namespace, String serviceAccount) {

  /** Never without an endpoint: the AWS CLI would change associations of AWS's own EKS. */
  private static final String AWS_EKS =
      "aws eks %s-pod-identity-association --endpoint-url BROKERS_API_URL --cluster-name %s";

  /**
   * The fix.
   *
   * @param reason name of a {@link RefusalReason}; anything else where the answer had none
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
          "the pod's own projected token is needed, and its issuer registered with the brokers:"
              + " claviger.broker.clusters[0].issuer and .jwks";
      case EXPIRED_TOKEN -> "read the token file anew for every request; see `token life`";
      case PREMATURE_TOKEN -> "compare the clocks of the node and of the API server";
      case WRONG_AUDIENCE -> "project the token with the audience " + audience;
      case WRONG_NODE ->
          "a token is good on its pod's node only: ask from the pod, and check that"
              + " claviger.edge.node is the node's name in Kubernetes";
      case NO_ASSOCIATION -> create();
      case NOT_GRANTED ->
          "widen the grant of whoever made the association (the brokers' grants file), or make it"
              + " again with a key that may: docs/associations.md";
      case ROLE_REVOKED ->
          "./claviger revoke --list; if it is over: ./claviger revoke --workload %s/%s --undo, or --role ARN --undo"
              .formatted(namespace, serviceAccount);
      case POD_REVOKED ->
          "./claviger revoke --list; if it is over: ./claviger revoke --pod NAMESPACE/POD --undo, or"
              + " --node NODE --undo";
      case ROLE_DENIED -> trust();
      case ROLE_MISCONFIGURED ->
          "./claviger associations list --cluster %s --namespace %s --service-account %s -o json, and"
                  .formatted(cluster, namespace, serviceAccount)
              + " mend what STS does not accept: "
              + AWS_EKS.formatted("update", cluster)
              + " --association-id ASSOCIATION_ID ...";
    };
  }

  private String of(int status) {
    return switch (status) {
      case 403 ->
          "ask the link-local address itself, http://169.254.170.23/v1/credentials; else see the"
              + " message";
      case 404 -> "the path is /v1/credentials; if it is: " + create();
      case 503 ->
          "brokers, or STS, cannot answer now: see node-edge's /readyz and the brokers' with"
              + " --broker-management URL; docs/operations.md, when STS fails";
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
