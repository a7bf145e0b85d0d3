package io.claviger.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * A running pod without the environment that leads SDKs to the endpoint.
 *
 * @param owner {@code kind/name} of the pod's controller, as kubectl takes it; empty without one
 */
record NotInjectedPod(
    String namespace, String name, String serviceAccount, Optional<String> owner) {

  /** kubectl's selector for running pods that are neither injected nor opted out. */
  static final List<String> SELECTOR =
      List.of(
          "--field-selector=status.phase=Running",
          "--selector=!eks.amazonaws.com/pod-identity,!eks.amazonaws.com/skip-pod-identity-webhook");

  /** The webhook excludes these namespaces: pods that brokers need must not depend on brokers. */
  private static final Set<String> EXCLUDED = Set.of("kube-system", "claviger", "kafka");

  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final String VARIABLE = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
  private static final String TEMPLATE_HASH = "pod-template-hash";

  /** Controllers that {@code kubectl rollout restart} accepts. */
  private static final Set<String> RESTARTED = Set.of("deployment/", "statefulset/", "daemonset/");

  /** Returns the pods of a list that are not injected, in its order. */
  static List<NotInjectedPod> of(JsonNode list) {
    return StreamSupport.stream(list.path("items").spliterator(), false)
        .filter(NotInjectedPod::isLacking)
        .map(NotInjectedPod::read)
        .filter(pod -> !EXCLUDED.contains(pod.namespace()))
        .toList();
  }

  /**
   * A static pod cannot have a token, so it does not count. Nor does a pod whose manifest sets the
   * variable.
   */
  private static boolean isLacking(JsonNode pod) {
    JsonNode metadata = pod.path("metadata");
    return !metadata.path("annotations").has(MIRROR)
        && !metadata.has("deletionTimestamp")
        && StreamSupport.stream(pod.path("spec").path("containers").spliterator(), false)
            .flatMap(container -> StreamSupport.stream(container.path("env").spliterator(), false))
            .noneMatch(env -> VARIABLE.equals(env.path("name").asText()));
  }

  private static NotInjectedPod read(JsonNode pod) {
    JsonNode metadata = pod.path("metadata");
    return new NotInjectedPod(
        metadata.path("namespace").asText(),
        metadata.path("name").asText(),
        pod.path("spec").path("serviceAccountName").asText("default"),
        StreamSupport.stream(metadata.path("ownerReferences").spliterator(), false)
            .filter(owner -> owner.path("controller").asBoolean())
            .findFirst()
            .map(owner -> owner(owner, metadata.path("labels").path(TEMPLATE_HASH).asText(""))));
  }

  /** A ReplicaSet's name is the Deployment's name, followed by the hash of the pod template. */
  private static String owner(JsonNode owner, String hash) {
    String kind = owner.path("kind").asText();
    String name = owner.path("name").asText();
    String suffix = "-" + hash;
    return kind.equals("ReplicaSet") && !hash.isEmpty() && name.endsWith(suffix)
        ? "deployment/" + name.substring(0, name.length() - suffix.length())
        : kind.toLowerCase(Locale.ROOT) + "/" + name;
  }

  /**
   * Returns the command that recreates the pod, so that the webhook can inject it.
   *
   * @param context kubectl's context of the pod; empty for the current one
   */
  String command(Optional<String> context) {
    return "kubectl %s-n %s %s"
        .formatted(
            context.map("--context=%s "::formatted).orElse(""),
            namespace,
            owner
                .filter(one -> RESTARTED.stream().anyMatch(one::startsWith))
                .map("rollout restart "::concat)
                .orElse("delete pod " + name));
  }

  Map<String, Object> fields(Optional<String> context) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("namespace", namespace);
    fields.put("pod", name);
    fields.put("serviceAccount", serviceAccount);
    owner.ifPresent(one -> fields.put("owner", one));
    fields.put("command", command(context));
    return fields;
  }
}
