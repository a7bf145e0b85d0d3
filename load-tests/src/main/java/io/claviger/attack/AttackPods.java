package io.claviger.attack;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.Polling;
import io.claviger.localmesh.PrivateFiles;
import io.claviger.localmesh.TokenRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Pods of one namespace, whose service accounts have one role each.
 *
 * @param mesh that serves them
 * @param namespace of the pods
 */
record AttackPods(LocalMesh mesh, String namespace) {

  private static final Duration FIRST_SESSION = Duration.ofSeconds(30);

  /** The pods are so old that edges do not wait for their associations. */
  private static final Duration RUNNING = Duration.ofMinutes(10);

  /** Gives roles to service accounts. */
  static AttackPods associated(LocalMesh mesh, String namespace, List<String> accounts) {
    return associated(mesh, namespace, accounts, "");
  }

  /** The same, with a session for each pod. */
  static AttackPods associatedByPod(LocalMesh mesh, String namespace, List<String> accounts) {
    return associated(mesh, namespace, accounts, ", tags: {claviger.io/tag-scope: pod}");
  }

  private static AttackPods associated(
      LocalMesh mesh, String namespace, List<String> accounts, String more) {
    AttackPods pods = new AttackPods(mesh, namespace);
    String manifest =
        accounts.stream()
            .map(
                account ->
                    """
                    ---
                    apiVersion: claviger.io/v1alpha1
                    kind: PodIdentityAssociation
                    metadata: {name: %1$s, namespace: %2$s}
                    spec: {serviceAccount: %1$s, roleArn: "%3$s"%4$s}
                    """
                        .formatted(account, namespace, pods.role(account), more))
            .collect(Collectors.joining());
    mesh.apply(
        PrivateFiles.write(
            mesh.options().directory().resolve("attack-" + namespace + ".yaml"), manifest));
    return pods;
  }

  private List<String> rolesOf(String accessKeyId) {
    return mesh.sts().keys().stream()
        .filter(key -> key.accessKeyId().equals(accessKeyId))
        .map(key -> key.principal().roleArn().orElse("no role"))
        .toList();
  }

  private static String account(String token) {
    return new JsonObject(
            new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), UTF_8))
        .getJsonObject("kubernetes.io")
        .getJsonObject("serviceaccount")
        .getString("name");
  }

  /** The role of a service account. */
  String role(String account) {
    return "arn:aws:iam::%s:role/pods/%s-%s"
        .formatted(mesh.options().cluster().account(), namespace, account);
  }

  /** The claims of a token for a pod on the edge's node. */
  TokenRequest request(String account, String pod, EdgeMember edge) {
    return TokenRequest.ofPod(namespace, account, pod, edge.node()).withAge(RUNNING);
  }

  /** The token of such a pod. */
  String token(String account, String pod, EdgeMember edge) {
    return mesh.token(request(account, pod, edge));
  }

  /**
   * The access key that a pod receives, which STS has issued for its service account's role.
   *
   * @throws MeshException when the pod is not served in time, or receives another role's key; then
   *     the attack cannot start
   */
  String served(EdgeMember edge, String token) throws InterruptedException {
    HttpReply reply =
        Polling.within(FIRST_SESSION).until(() -> PodSocket.ask(edge, token), HttpReply::isServed);
    if (!reply.isServed()) {
      throw new MeshException(
          "a pod of " + namespace + " at " + edge.node() + " is not served: " + reply);
    }
    String accessKeyId = reply.field("AccessKeyId");
    if (!rolesOf(accessKeyId).equals(List.of(role(account(token))))) {
      throw new MeshException(
          "a pod of %s/%s received the key '%s' of %s"
              .formatted(namespace, account(token), accessKeyId, rolesOf(accessKeyId)));
    }
    return accessKeyId;
  }
}
