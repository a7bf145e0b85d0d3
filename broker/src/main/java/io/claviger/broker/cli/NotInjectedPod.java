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
 * A running pod that has nothing to find credentials with.
 *
 * @param owner {@code kind/name} of what makes it, as kubectl takes it; none where nothing does
 */
record NotInjectedPod(
    String namespace, String name, String serviceAccount, Optional<String> owner) {

  /** Running, and neither injected nor opted out, as a selector of kubectl's. */
  static final List<String> SELECTOR =
      List.of(
          "--field-selector=status.phase=Running",
          "--selector=!eks.amazonaws.com/pod-identity,!eks.amazonaws.com/skip-pod-identity-webhook");

  /** The webhook leaves them out: what brokers need must not wait for brokers. */
  private static final Set<String> EXCLUDED = Set.of("kube-system", "claviger", "kafka");

  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final String VARIABLE = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
  private static final String TEMPLATE_HASH = "pod-template-hash";

  /** What can be restarted as a whole. */
  private static final Set<String> RESTARTED = Set.of("deployment/", "statefulset/", "daemonset/");

  /** Those of a list of pods, in its order. */
  static List<NotInjectedPod> of(JsonNode list) {
    return StreamSupport.stream(list.path("items").spliterator(), false)
        .filter(NotInjectedPod::isLacking)
        .map(NotInjectedPod::read)
        .filter(pod -> !EXCLUDED.contains(pod.namespace()))
        .toList();
  }

  /** Static pods cannot have a token; what somebody has put there by hand does as well. */
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

  /** A Deployment's ReplicaSets have its name, and the hash of their pods' template behind it. */
  private static String owner(JsonNode owner, String hash) {
    String kind = owner.path("kind").asText();
    String name = owner.path("name").asText();
    String suffix = "-" + hash;
    return kind.equals("ReplicaSet") && !hash.isEmpty() && name.endsWith(suffix)
        ? "deployment/" + name.substring(0, name.length() - suffix.length())
        : kind.toLowerCase(Locale.ROOT) + "/" + name;
  }

  /**
   * What gives it what it lacks.
   *
   * @param context of kubectl's configuration by which it was found; absent for the current one
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
