package io.claviger.broker.adapter.kubernetes;

import io.claviger.broker.identity.KnownPods;
import io.claviger.schemas.Check;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

/** A line of a watch (Kubernetes API concepts, "Efficient detection of changes"). */
sealed interface PodChange {

  /** A pod exists, even if it is terminating: it needs credentials until its object is deleted. */
  record Present(UUID uid, String version) implements PodChange {}

  /** A pod's object is deleted. */
  record Deleted(UUID uid, String version) implements PodChange {}

  /** Nothing happened up to this version. */
  record Bookmark(String version) implements PodChange {}

  /** The watch is over: changes after the version are no longer available. */
  record Lost(String message) implements PodChange {}

  /**
   * Parses a line.
   *
   * @throws RuntimeException if the line is invalid
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
   * Returns the uid of a pod.
   *
   * @throws RuntimeException if it is not a UUID
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
