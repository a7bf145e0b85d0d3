package io.claviger.broker.adapter.kubernetes;

import io.claviger.broker.association.ReadyCondition;
import io.claviger.broker.association.ReadyCondition.Reason;
import io.claviger.schemas.association.Association;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes status and finalizers of objects. Each write is a patch of the version that this broker
 * has read; if the object has changed since, the API server rejects it. A patch touches nothing
 * else, so that fields of a newer version stay. Methods block.
 */
final class ObjectPatches {

  /** Keeps an object until its association is deleted. */
  static final String FINALIZER = "claviger.io/association";

  private static final PatchContext JSON_PATCH = PatchContext.of(PatchType.JSON);

  private final KubernetesClient client;
  private final Function<Association, String> arns;
  private final Function<Association, Optional<String>> externalIds;
  private final InstantSource clock;
  private final Map<String, Reason> reported = new ConcurrentHashMap<>();
  private final Map<String, Patched> patched = new ConcurrentHashMap<>();

  /**
   * This broker's last version of an object.
   *
   * @param before the versions that it has replaced, which a watch may still show
   */
  private record Patched(Set<String> before, PodIdentityAssociation object) {}

  ObjectPatches(
      KubernetesClient client,
      Function<Association, String> arns,
      Function<Association, Optional<String>> externalIds,
      InstantSource clock) {
    this.client = client;
    this.arns = arns;
    this.externalIds = externalIds;
    this.clock = clock;
  }

  /** Returns the number of objects whose reported condition has this reason. */
  long count(Reason reason) {
    return reported.values().stream().filter(reason::equals).count();
  }

  /** An object is deleted. */
  void forget(String uid) {
    reported.remove(uid);
    patched.remove(uid);
  }

  /** Returns the object as this broker last wrote it, if the watched version is older. */
  PodIdentityAssociation latest(PodIdentityAssociation watched) {
    Patched own = patched.get(watched.getMetadata().getUid());
    if (own == null) {
      return watched;
    }
    if (own.before().contains(watched.getMetadata().getResourceVersion())) {
      return own.object();
    }
    patched.remove(watched.getMetadata().getUid(), own);
    return watched;
  }

  /** Writes the status if it differs. */
  void report(PodIdentityAssociation object, ReadyCondition condition) {
    PodIdentityAssociationStatus status = status(object, condition);
    if (!status.equals(object.getStatus())) {
      remember(
          object,
          resource(object)
              .subresource("status")
              .patch(JSON_PATCH, patch(object, "/status", json(status))));
    }
    // Only after the patch: if the object is gone, the patch fails, and an entry would never be
    // removed.
    reported.put(object.getMetadata().getUid(), condition.reason());
  }

  /** Returns the object with the finalizer. */
  PodIdentityAssociation addFinalizer(PodIdentityAssociation object) {
    if (object.hasFinalizer(FINALIZER)) {
      return object;
    }
    List<String> finalizers = new ArrayList<>(object.getFinalizers());
    finalizers.add(FINALIZER);
    return finalizers(object, finalizers);
  }

  /** Removes the finalizer if there is one. */
  void release(PodIdentityAssociation object) {
    if (object.hasFinalizer(FINALIZER)) {
      finalizers(
          object, object.getFinalizers().stream().filter(one -> !one.equals(FINALIZER)).toList());
    }
  }

  private PodIdentityAssociation finalizers(
      PodIdentityAssociation object, List<String> finalizers) {
    return remember(
        object,
        resource(object)
            .patch(JSON_PATCH, patch(object, "/metadata/finalizers", new JsonArray(finalizers))));
  }

  /** An answer without a version means that the object disappeared with its last finalizer. */
  private PodIdentityAssociation remember(
      PodIdentityAssociation before, @Nullable PodIdentityAssociation after) {
    if (after == null || after.getMetadata().getResourceVersion() == null) {
      return before;
    }
    String version = before.getMetadata().getResourceVersion();
    Patched earlier = patched.get(before.getMetadata().getUid());
    Set<String> replaced = new HashSet<>();
    replaced.add(version);
    if (earlier != null && version.equals(earlier.object().getMetadata().getResourceVersion())) {
      replaced.addAll(earlier.before());
    }
    patched.put(before.getMetadata().getUid(), new Patched(replaced, after));
    return after;
  }

  private Resource<PodIdentityAssociation> resource(PodIdentityAssociation object) {
    return client
        .resources(PodIdentityAssociation.class)
        .inNamespace(object.getMetadata().getNamespace())
        .withName(object.getMetadata().getName());
  }

  /** If the object has another version, the API server answers with a conflict. */
  private static String patch(PodIdentityAssociation object, String path, Object value) {
    return new JsonArray()
        .add(
            new JsonObject()
                .put("op", "replace")
                .put("path", "/metadata/resourceVersion")
                .put("value", object.getMetadata().getResourceVersion()))
        .add(new JsonObject().put("op", "add").put("path", path).put("value", value))
        .encode();
  }

  private PodIdentityAssociationStatus status(
      PodIdentityAssociation object, ReadyCondition condition) {
    Long generation = object.getMetadata().getGeneration();
    String status = condition.reason() == Reason.ASSOCIATED ? "True" : "False";
    String since =
        Optional.ofNullable(object.getStatus())
            .flatMap(PodIdentityAssociationStatus::ready)
            .filter(before -> status.equals(before.getStatus()))
            .map(Condition::getLastTransitionTime)
            .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    Condition ready =
        new ConditionBuilder()
            .withType(PodIdentityAssociationStatus.READY)
            .withStatus(status)
            .withReason(condition.reason().text())
            .withMessage(condition.message())
            .withObservedGeneration(generation)
            .withLastTransitionTime(since)
            .build();
    return new PodIdentityAssociationStatus(
        List.of(ready),
        generation,
        condition.association().map(Association::id).orElse(null),
        condition.association().map(arns).orElse(null),
        condition.association().flatMap(externalIds).orElse(null));
  }

  private JsonObject json(PodIdentityAssociationStatus status) {
    return new JsonObject(client.getKubernetesSerialization().asJson(status));
  }
}
