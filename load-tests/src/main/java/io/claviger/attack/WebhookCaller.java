package io.claviger.attack;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/**
 * A client of a broker's webhook at some address. As an API server it has a certificate of the
 * mesh's authority.
 */
final class WebhookCaller {

  private static final Duration ANSWER = Duration.ofSeconds(12);

  private final BrokerMember broker;
  private final String from;
  private final SSLContext tls;

  WebhookCaller(LocalMesh mesh, BrokerMember broker, String from) throws IOException {
    this(broker, from, new MeshTls(mesh).as(mesh.broker(1)));
  }

  WebhookCaller(BrokerMember broker, String from, SSLContext tls) {
    this.broker = broker;
    this.from = from;
    this.tls = tls;
  }

  /** Connects with TLS, to send arbitrary bytes. */
  StrangerSocket connect() throws IOException {
    return StrangerSocket.open(from, broker.admission()).tls(tls);
  }

  /** Sends a request unchanged. */
  HttpReply send(ApiRequest request) {
    return HttpReply.of(ending(request.with("Host: localhost").bytes(), ANSWER));
  }

  /** Sends bytes, and waits for the end. */
  Ending ending(byte[] bytes, Duration within) {
    return Ending.of(
        () -> {
          try (StrangerSocket socket = connect()) {
            return socket.send(bytes).ending(within);
          }
        });
  }

  /** Requests a review of a new pod. */
  HttpReply review(String namespace, String serviceAccount) {
    return send(ApiRequest.post("/mutate", of(namespace, serviceAccount).encode()));
  }

  /** A valid review of a new pod. */
  static JsonObject of(String namespace, String serviceAccount) {
    JsonObject pods = new JsonObject().put("group", "").put("version", "v1");
    return new JsonObject()
        .put("apiVersion", "admission.k8s.io/v1")
        .put("kind", "AdmissionReview")
        .put(
            "request",
            new JsonObject()
                .put("uid", "1")
                .put("operation", "CREATE")
                .put("namespace", namespace)
                .put("dryRun", true)
                .put("kind", pods.copy().put("kind", "Pod"))
                .put("resource", pods.copy().put("resource", "pods"))
                .put(
                    "object",
                    new JsonObject()
                        .put("metadata", new JsonObject().put("name", serviceAccount + "-0"))
                        .put(
                            "spec",
                            new JsonObject()
                                .put("serviceAccountName", serviceAccount)
                                .put(
                                    "containers",
                                    new JsonArray().add(new JsonObject().put("name", "app"))))));
  }

  /** A valid review of this size in bytes. */
  static String ofSize(int bytes) {
    JsonObject review = of("attack-webhook", "padded");
    JsonObject metadata =
        review.getJsonObject("request").getJsonObject("object").getJsonObject("metadata");
    metadata.put("annotations", new JsonObject().put("x", ""));
    int more = bytes - review.encode().getBytes(UTF_8).length;
    metadata.put("annotations", new JsonObject().put("x", "x".repeat(more)));
    return review.encode();
  }

  /** Whether the webhook admits a pod, with a patch or without. */
  static boolean isAllowed(HttpReply reply, boolean patched) {
    JsonObject response = reply.json().getJsonObject("response", new JsonObject());
    return reply.is(200)
        && response.getBoolean("allowed", false)
        && response.containsKey("patch") == patched;
  }
}
