package io.claviger.localmesh;

import io.claviger.schemas.Check;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a service-account token.
 *
 * @param namespace the pod's namespace
 * @param serviceAccount the pod's service account
 * @param pod the pod's name
 * @param podUid the pod's uid
 * @param node the node on which the pod runs; absent as before Kubernetes 1.30
 * @param audiences of the token
 * @param age how long ago it was issued
 * @param life from now to its expiry; negative for an expired token
 */
public record TokenRequest(
    String namespace,
    String serviceAccount,
    String pod,
    String podUid,
    @Nullable String node,
    List<String> audiences,
    Duration age,
    Duration life) {

  /** The audience of pods' tokens. */
  public static final String POD_AUDIENCE = "pods.eks.amazonaws.com";

  /** The service account that the mesh's edges run under. */
  static final String EDGE_NAMESPACE = "claviger";

  static final String EDGE_SERVICE_ACCOUNT = "node-edge";

  private static final Duration EDGE_LIFE = Duration.ofHours(1);
  private static final Duration POD_LIFE = Duration.ofHours(24);

  public TokenRequest {
    Check.text(namespace, "namespace");
    Check.text(serviceAccount, "serviceAccount");
    Check.text(pod, "pod");
    Check.text(podUid, "podUid");
    audiences = List.copyOf(audiences);
    Check.present(age, "age");
    Check.present(life, "life");
  }

  /**
   * A token as in the webhook's projected volume, valid for a day. A pod of the same name always
   * has the same uid.
   */
  public static TokenRequest ofPod(
      String namespace, String serviceAccount, String pod, String node) {
    return new TokenRequest(
        namespace,
        serviceAccount,
        pod,
        LocalIssuer.uid("pod", namespace, pod),
        node,
        List.of(POD_AUDIENCE),
        Duration.ZERO,
        POD_LIFE);
  }

  /**
   * The token with which an edge authenticates to brokers.
   *
   * @param name of the edge: several may be on a node
   */
  public static TokenRequest ofEdge(String name, String node) {
    return ofPod(EDGE_NAMESPACE, EDGE_SERVICE_ACCOUNT, "node-edge-" + name, node)
        .withAudiences("claviger-broker")
        .withLife(EDGE_LIFE);
  }

  /** Sets the uid of another pod of the same name, as a StatefulSet creates it. */
  public TokenRequest withPodUid(String uid) {
    return new TokenRequest(namespace, serviceAccount, pod, uid, node, audiences, age, life);
  }

  /** Sets the audiences. */
  public TokenRequest withAudiences(String... others) {
    return new TokenRequest(
        namespace, serviceAccount, pod, podUid, node, List.of(others), age, life);
  }

  /** Sets the lifetime. */
  public TokenRequest withLife(Duration other) {
    return new TokenRequest(namespace, serviceAccount, pod, podUid, node, audiences, age, other);
  }

  /** Sets the age, as of a pod that has run for some time. */
  public TokenRequest withAge(Duration other) {
    return new TokenRequest(namespace, serviceAccount, pod, podUid, node, audiences, other, life);
  }

  /** Removes the node. */
  public TokenRequest withoutNode() {
    return new TokenRequest(namespace, serviceAccount, pod, podUid, null, audiences, age, life);
  }
}
