package io.claviger.broker.adapter.kubernetes;

import io.claviger.broker.ingress.Certificates;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An API server with pods: returns pages of lists and watches like a real one, over TLS. */
final class FakePods {

  final List<String> queries = new CopyOnWriteArrayList<>();
  final List<String> accepted = new CopyOnWriteArrayList<>();
  final List<String> authorizations = new CopyOnWriteArrayList<>();

  /** The pages of the list, each with its uids. */
  volatile List<List<String>> pages = List.of(List.of());

  volatile String version = "100";
  volatile int status = 200;
  volatile int watchStatus = 200;

  /** The token of a page other than the first. */
  volatile int nextPageStatus = 200;

  /** The answer to a list in place of its pages. */
  volatile @Nullable Buffer garbage;

  private volatile @Nullable HttpServerResponse watch;
  private final int port;

  FakePods(Vertx vertx, Certificates certificates) throws Exception {
    certificates.issueFor("api-server", "127.0.0.1");
    port =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setSsl(true)
                    .setKeyCertOptions(
                        new PemKeyCertOptions()
                            .addCertPath(certificates.certificate("api-server").toString())
                            .addKeyPath(certificates.key("api-server").toString())))
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS)
            .actualPort();
  }

  /** Returns the uid of the pod with this number. */
  static String uid(int number) {
    return new UUID(7, number).toString();
  }

  URI url() {
    return URI.create("https://127.0.0.1:" + port);
  }

  private void answer(HttpServerRequest request) {
    queries.add(request.path() + "?" + request.query());
    accepted.add(request.getHeader("Accept"));
    authorizations.add(request.getHeader("Authorization"));
    String page = request.getParam("continue");
    boolean watches = request.query().contains("watch=true");
    int answered =
        status != 200 ? status : watches ? watchStatus : page != null ? nextPageStatus : 200;
    HttpServerResponse response = request.response().setStatusCode(answered);
    if (answered != 200) {
      response.end("{}");
    } else if (watches) {
      response.setChunked(true).writeHead();
      watch = response;
    } else if (garbage != null) {
      response.end(garbage);
    } else {
      response.end(page(page == null ? 0 : Integer.parseInt(page)).toBuffer());
    }
  }

  private JsonObject page(int number) {
    JsonArray items = new JsonArray();
    pages.get(number).forEach(uid -> items.add(pod(uid, "1", false)));
    JsonObject metadata = new JsonObject().put("resourceVersion", version);
    if (number + 1 < pages.size()) {
      metadata.put("continue", String.valueOf(number + 1)).put("remainingItemCount", 1);
    }
    return new JsonObject()
        .put("kind", "PartialObjectMetadataList")
        .put("metadata", metadata)
        .put("items", items);
  }

  private static JsonObject pod(String uid, String version, boolean terminating) {
    JsonObject metadata =
        new JsonObject()
            .put("uid", uid)
            .put("resourceVersion", version)
            .put("labels", new JsonObject().put("items", "[{}]").put("continue", "no"))
            .put("ownerReferences", new JsonArray().add(new JsonObject().put("uid", "rs")));
    if (terminating) {
      metadata.put("deletionTimestamp", "2026-11-29T12:00:00Z");
    }
    return new JsonObject().put("kind", "PartialObjectMetadata").put("metadata", metadata);
  }

  boolean watched() {
    return watch != null;
  }

  void send(String type, String uid, String at) {
    send(new JsonObject().put("type", type).put("object", pod(uid, at, false)).encode());
  }

  /** The pod is terminating. */
  void tellTerminating(String uid, String at) {
    send(new JsonObject().put("type", "MODIFIED").put("object", pod(uid, at, true)).encode());
  }

  void send(String line) {
    HttpServerResponse response = watch;
    if (response == null) {
      throw new AssertionError("nobody watches");
    }
    response.write(line + "\n").toCompletionStage().toCompletableFuture().join();
  }

  /** The watch's time is over. */
  void endWatch() {
    HttpServerResponse response = watch;
    watch = null;
    if (response != null) {
      response.end().toCompletionStage().toCompletableFuture().join();
    }
  }

  /** The connection breaks. */
  void breakWatch() {
    HttpServerResponse response = watch;
    watch = null;
    if (response != null) {
      response.reset();
    }
  }
}
