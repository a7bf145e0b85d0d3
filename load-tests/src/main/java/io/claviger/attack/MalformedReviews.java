package io.claviger.attack;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Bodies that are no valid review of a pod, by their error. */
final class MalformedReviews {

  private static final String NAMESPACE = "attack-webhook";

  private MalformedReviews() {}

  static Map<String, String> all() {
    Map<String, String> bodies = new LinkedHashMap<>();
    for (String text : List.of("", "{", "[]", "null", "7", "\"x\"", "{}", "{\"request\":{}}")) {
      bodies.put("the body " + text, text);
    }
    bodies.put("lists in lists", "{\"request\":" + "[".repeat(20_000));
    changed(
        bodies, "another version", review -> review.put("apiVersion", "admission.k8s.io/v1beta1"));
    changed(bodies, "another kind", review -> review.put("kind", "Pod"));
    changed(bodies, "no request", review -> review.remove("request"));
    changed(bodies, "a request that is a list", review -> review.put("request", new JsonArray()));
    asked(bodies, "no uid", request -> request.remove("uid"));
    asked(bodies, "an empty uid", request -> request.put("uid", ""));
    asked(bodies, "a uid that is an object", request -> request.put("uid", new JsonObject()));
    asked(bodies, "no kind of its object", request -> request.remove("kind"));
    asked(bodies, "no resource", request -> request.remove("resource"));
    asked(bodies, "a kind that is a text", request -> request.put("kind", "Pod"));
    asked(bodies, "no pod", request -> request.remove("object"));
    asked(bodies, "a pod that is a text", request -> request.put("object", "pod"));
    asked(bodies, "a pod that is null", request -> request.putNull("object"));
    for (String field : List.of("spec", "metadata")) {
      pod(bodies, field + " that is a list", pod -> pod.put(field, new JsonArray().add(1)));
      pod(bodies, field + " that is a text", pod -> pod.put(field, "x"));
    }
    JsonArray wrong = new JsonArray().add("x");
    spec(bodies, "containers that are texts", spec -> spec.put("containers", wrong));
    spec(bodies, "containers that are an object", spec -> spec.put("containers", new JsonObject()));
    spec(bodies, "volumes that are texts", spec -> spec.put("volumes", wrong));
    spec(bodies, "a service account that is a list", spec -> spec.put("serviceAccountName", wrong));
    return bodies;
  }

  private static void changed(
      Map<String, String> bodies, String name, Consumer<JsonObject> change) {
    JsonObject review = WebhookCaller.of(NAMESPACE, "app");
    change.accept(review);
    bodies.put("a review with " + name, review.encode());
  }

  private static void asked(Map<String, String> bodies, String name, Consumer<JsonObject> change) {
    changed(bodies, name, review -> change.accept(review.getJsonObject("request")));
  }

  private static void pod(Map<String, String> bodies, String name, Consumer<JsonObject> change) {
    asked(bodies, name, request -> change.accept(request.getJsonObject("object")));
  }

  private static void spec(Map<String, String> bodies, String name, Consumer<JsonObject> change) {
    pod(bodies, name, pod -> change.accept(pod.getJsonObject("spec")));
  }
}
