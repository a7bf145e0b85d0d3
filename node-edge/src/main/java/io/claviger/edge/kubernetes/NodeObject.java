package io.claviger.edge.kubernetes;

import io.claviger.config.http.ApiServerClient;
import io.claviger.config.http.BoundedAnswer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** This node's object at the API server, with its startup taint. */
public final class NodeObject implements StartupTaint.Node {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** More than the API server stores of any object. */
  private static final int MAX_BYTES = 4 << 20;

  /** The Event's reason; the component's admission policy permits no other. */
  private static final String REASON = "StartupTaintRemoved";

  /** The namespace of Events about objects without a namespace. */
  private static final String EVENTS = "default";

  private final Vertx vertx;
  private final ApiServerClient api;
  private final String name;
  private final String path;
  private final String taint;
  private final InstantSource clock;

  /**
   * Creates the object of a node.
   *
   * @param api of a service account that may get and patch nodes, and create Events
   * @param name the node's
   * @param taint its key
   * @param clock of the Event
   */
  public NodeObject(
      Vertx vertx, ApiServerClient api, String name, String taint, InstantSource clock) {
    this.vertx = vertx;
    this.api = api;
    this.name = name;
    this.path = "/api/v1/nodes/" + name;
    this.taint = taint;
    this.clock = clock;
  }

  /**
   * Removes the taint, whatever its effect. If the object changes meanwhile, the patch fails and
   * has to be retried.
   *
   * @return whether the node had the taint
   */
  @Override
  public Future<Boolean> removeTaint() {
    return api.get(path, "application/json")
        .compose(this::object)
        .map(this::patch)
        .compose(
            patch ->
                patch.isEmpty()
                    ? Future.succeededFuture(false)
                    : api.patch(path, patch.toBuffer()).compose(this::object).map(true));
  }

  /** Writes a warning that {@code kubectl describe node} shows, an Event (core v1). */
  @Override
  public Future<Void> reportRemovalWithoutBroker() {
    String message =
        "Claviger's edge reaches no broker and has removed the taint "
            + taint
            + ", so that what brokers need (DNS, Kafka) can start here. Pods of this node may start"
            + " before there are credentials for them. Look at the logs of the pod claviger-edge of"
            + " this node, and whether brokers are ready.";
    String time = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    JsonObject event =
        new JsonObject()
            .put("apiVersion", "v1")
            .put("kind", "Event")
            .put(
                "metadata",
                new JsonObject().put("namespace", EVENTS).put("generateName", name + "."))
            .put(
                "involvedObject",
                // Kubelets also use the name as the uid, and kubectl looks for it.
                new JsonObject()
                    .put("apiVersion", "v1")
                    .put("kind", "Node")
                    .put("name", name)
                    .put("uid", name))
            .put("type", "Warning")
            .put("reason", REASON)
            .put("message", message)
            .put("source", new JsonObject().put("component", "claviger").put("host", name))
            .put("reportingComponent", "claviger.io/edge")
            .put("reportingInstance", name)
            .put("firstTimestamp", time)
            .put("lastTimestamp", time)
            .put("count", 1);
    return api.post("/api/v1/namespaces/" + EVENTS + "/events", event.toBuffer())
        .compose(this::object)
        .mapEmpty();
  }

  private Future<JsonObject> object(HttpClientResponse response) {
    return BoundedAnswer.read(vertx, response, MAX_BYTES, TIMEOUT).map(Buffer::toJsonObject);
  }

  /** Removes from the last taint on, so that the indexes of those before it stay valid. */
  private JsonArray patch(JsonObject node) {
    JsonArray taints = node.getJsonObject("spec", new JsonObject()).getJsonArray("taints");
    JsonArray patch = new JsonArray();
    for (int i = taints == null ? -1 : taints.size() - 1; i >= 0; i--) {
      if (taint.equals(taints.getJsonObject(i).getString("key"))) {
        String place = "/spec/taints/" + i;
        patch
            .add(
                new JsonObject()
                    .put("op", "test")
                    .put("path", place)
                    .put("value", taints.getJsonObject(i)))
            .add(new JsonObject().put("op", "remove").put("path", place));
      }
    }
    return patch;
  }
}
