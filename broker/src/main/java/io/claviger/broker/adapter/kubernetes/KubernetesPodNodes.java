package io.claviger.broker.adapter.kubernetes;

import io.claviger.broker.identity.PodNodes;
import io.claviger.broker.identity.PodNodes.NodeLookup;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Looks up the nodes of one cluster's pods. Needs {@code get} of {@code pods}. */
final class KubernetesPodNodes implements PodNodes {

  private static final Duration DEADLINE = Duration.ofSeconds(2);

  private final ApiCalls calls;

  /** Looks up pods of a cluster. */
  KubernetesPodNodes(Vertx vertx, KubernetesClient client) {
    this.calls = new ApiCalls(vertx, client, DEADLINE);
  }

  @Override
  public CompletionStage<NodeLookup> find(Pod pod) {
    return calls
        .get(
            "/api/v1/namespaces/%s/pods/%s"
                .formatted(segment(pod.namespace()), segment(pod.name())))
        .map(answer -> read(answer, pod.uid()))
        .otherwise(
            failure ->
                new NodeLookup.Away(
                    "the API server cannot be reached ("
                        + failure.getClass().getSimpleName()
                        + ")"))
        .toCompletionStage();
  }

  private NodeLookup read(ApiCalls.Answer answer, String uid) {
    return switch (answer.status()) {
      case 200 -> lookup(calls.read(answer, io.fabric8.kubernetes.api.model.Pod.class), uid);
      case 404 -> notFound(calls.read(answer, Status.class));
      case 403 -> new NodeLookup.Away("the API server answered 403: the broker may not get pods");
      default -> new NodeLookup.Away("the API server answered " + answer.status());
    };
  }

  /**
   * A proxy also answers 404 while the API server behind it is replaced. Such an answer does not
   * refer to the pod.
   */
  private static NodeLookup notFound(Status said) {
    boolean ofThePod =
        "NotFound".equals(said.getReason())
            && said.getDetails() != null
            && "pods".equals(said.getDetails().getKind());
    return ofThePod
        ? new NodeLookup.Gone()
        : new NodeLookup.Away("the answer 404 does not name the pod: check kubernetes.url");
  }

  private static NodeLookup lookup(io.fabric8.kubernetes.api.model.Pod pod, String uid) {
    // A later pod of the same name has another uid.
    if (!uid.equals(pod.getMetadata().getUid())) {
      return new NodeLookup.Gone();
    }
    String node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
    return node == null || node.isBlank()
        ? new NodeLookup.Away("the pod is not bound to a node yet")
        : new NodeLookup.On(node);
  }

  private static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }
}
