package io.claviger.localmesh;

import io.claviger.schemas.Check;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a service-account token shall say.
 *
 * @param namespace the pod's namespace
 * @param serviceAccount the pod's service account
 * @param pod the pod's name
 * @param podUid the pod's uid
 * @param node the node the pod runs on; absent as before Kubernetes 1.30
 * @param audiences whom it is for
 * @param age how long ago it was issued
 * @param life from now to its end; negative for one that has expired
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
   * As the webhook's projected volume asks for it: a day; a pod of this name has always the same
   * uid.
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
   * The token by which brokers know an edge.
   *
   * @param name of the edge: several may be on a node
   */
  public static TokenRequest ofEdge(String name, String node) {
    return ofPod(EDGE_NAMESPACE, EDGE_SERVICE_ACCOUNT, "node-edge-" + name, node)
        .withAudiences("claviger-broker")
        .withLife(EDGE_LIFE);
  }

  /** The same for another pod of the same name: what a StatefulSet puts in its place. */
  public TokenRequest withPodUid(String uid) {
    return new TokenRequest(namespace, serviceAccount, pod, uid, node, audiences, age, life);
  }

  /** The same for others. */
  public TokenRequest withAudiences(String... others) {
    return new TokenRequest(
        namespace, serviceAccount, pod, podUid, node, List.of(others), age, life);
  }

  /** The same with another end. */
  public TokenRequest withLife(Duration other) {
    return new TokenRequest(namespace, serviceAccount, pod, podUid, node, audiences, age, other);
  }

  /** The same of a pod that has run for some time. */
  public TokenRequest withAge(Duration other) {
    return new TokenRequest(namespace, serviceAccount, pod, podUid, node, audiences, other, life);
  }

  /** The same, not bound to a node. */
  public TokenRequest withoutNode() {
    return new TokenRequest(namespace, serviceAccount, pod, podUid, null, audiences, age, life);
  }
}
