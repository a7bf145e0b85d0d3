package io.claviger.edge.kubernetes;

import io.claviger.config.http.RotatedFiles;
import io.claviger.edge.upstream.TestAuthority;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An API server that knows pods: answers lists and watches as real ones do, over TLS. */
final class FakePods {

  final List<String> queries = new CopyOnWriteArrayList<>();
  final List<String> authorizations = new CopyOnWriteArrayList<>();
  volatile List<String> uids = List.of();
  volatile String version = "100";
  volatile int status = 200;
  volatile int watchStatus = 200;
  private volatile @Nullable HttpServerResponse watch;
  private final Vertx vertx;
  private final int port;

  FakePods(Vertx vertx, TestAuthority authority) throws Exception {
    this.vertx = vertx;
    port =
        vertx
            .createHttpServer(
                new HttpServerOptions().setSsl(true).setKeyCertOptions(authority.forLoopback()))
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS)
            .actualPort();
  }

  PodsApi api(Path token, Path ca, Duration silence) {
    URI url = URI.create("https://127.0.0.1:" + port);
    return new PodsApi(new ClusterApi(vertx, url, RotatedFiles.of(token, ca), silence), "node-1");
  }

  private void answer(HttpServerRequest request) {
    queries.add(request.query());
    authorizations.add(request.getHeader("Authorization"));
    boolean watches = request.query().contains("watch=true");
    int answered = watches && status == 200 ? watchStatus : status;
    HttpServerResponse response = request.response().setStatusCode(answered);
    if (answered != 200) {
      response.end("{}");
    } else if (watches) {
      response.setChunked(true).writeHead();
      watch = response;
    } else {
      response.end(list().toBuffer());
    }
  }

  private JsonObject list() {
    JsonArray items = new JsonArray();
    uids.forEach(uid -> items.add(pod(uid, "1")));
    return new JsonObject()
        .put("kind", "PartialObjectMetadataList")
        .put("metadata", new JsonObject().put("resourceVersion", version))
        .put("items", items);
  }

  private static JsonObject pod(String uid, String version) {
    return new JsonObject()
        .put("kind", "PartialObjectMetadata")
        .put(
            "metadata",
            new JsonObject()
                .put("uid", uid)
                .put("resourceVersion", version)
                .put("labels", new JsonObject().put("items", "[{}]"))
                .put("ownerReferences", new JsonArray().add(new JsonObject().put("uid", "rs"))));
  }

  boolean watched() {
    return watch != null;
  }

  void tell(String type, String uid, String at) {
    tell(new JsonObject().put("type", type).put("object", pod(uid, at)).encode());
  }

  void tell(String line) {
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
