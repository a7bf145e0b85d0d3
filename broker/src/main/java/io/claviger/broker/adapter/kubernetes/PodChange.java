package io.claviger.broker.adapter.kubernetes;

import io.claviger.broker.identity.KnownPods;
import io.claviger.schemas.Check;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

/** A line of a watch (Kubernetes API concepts, "Efficient detection of changes"). */
sealed interface PodChange {

  /** A pod is there, also one that ends: it needs credentials until it is no object any more. */
  record Present(UUID uid, String version) implements PodChange {}

  /** A pod is deleted: it is no object of the cluster any more. */
  record Deleted(UUID uid, String version) implements PodChange {}

  /** Nothing happened up to this version. */
  record Bookmark(String version) implements PodChange {}

  /** The watch is over: what followed the version is not known any more. */
  record Lost(String message) implements PodChange {}

  /**
   * Reads a line.
   *
   * @throws RuntimeException when it is none
   */
  static PodChange of(Buffer line) {
    JsonObject event = new JsonObject(line);
    JsonObject object = event.getJsonObject("object");
    return switch (event.getString("type")) {
      case "ADDED", "MODIFIED" -> new Present(uid(object), version(object));
      case "DELETED" -> new Deleted(uid(object), version(object));
      case "BOOKMARK" -> new Bookmark(version(object));
      default -> new Lost("code " + object.getValue("code"));
    };
  }

  /**
   * The uid of a pod.
   *
   * @throws RuntimeException when it has none that is a UUID
   */
  static UUID uid(JsonObject pod) {
    return Check.present(
        KnownPods.uid(Check.text(pod.getJsonObject("metadata").getString("uid"), "uid")), "uid");
  }

  private static String version(JsonObject object) {
    return Check.text(
        object.getJsonObject("metadata").getString("resourceVersion"), "resourceVersion");
  }
}
