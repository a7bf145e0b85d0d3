package io.claviger.scenario;

import io.claviger.localmesh.LocalCertificateAuthority;
import io.claviger.localmesh.MeshOptions;
import io.claviger.localmesh.PrivateFiles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A stub of the cluster's API server for brokers. Pods exist from the start until they are deleted.
 * It continues to accept every token, as the token review cache of a real API server does for a
 * while.
 */
public final class StubApiServer implements AutoCloseable {

  private static final String NOT_FOUND =
      "{\"kind\": \"Status\", \"reason\": \"NotFound\", \"details\": {\"kind\": \"pods\"},"
          + " \"code\": 404}";

  private static final long TIMEOUT_SECONDS = 10;

  private static final String PODS = "/api/v1/pods";

  private final Vertx vertx = Vertx.vertx();
  private final Set<String> listed = ConcurrentHashMap.newKeySet();
  private final Set<String> deleted = ConcurrentHashMap.newKeySet();
  private final Map<String, String> uids = new ConcurrentHashMap<>();
  private final Set<HttpServerResponse> watches = new CopyOnWriteArraySet<>();
  private final AtomicInteger serviceAccountsAsked = new AtomicInteger();
  private final Path directory;
  private final LocalCertificateAuthority authority;
  private final Path token;
  private final int port;

  /** Listens on loopback. */
  public StubApiServer() {
    try {
      directory = Files.createTempDirectory("claviger-api-server");
      authority = LocalCertificateAuthority.create(directory.resolve("tls"), Clock.systemUTC());
      LocalCertificateAuthority.Certified own = authority.issue("api-server");
      token = Files.writeString(directory.resolve("token"), "broker");
      port =
          await(
                  vertx
                      .createHttpServer(
                          new HttpServerOptions()
                              .setSsl(true)
                              .setUseAlpn(true)
                              .setKeyCertOptions(
                                  new PemKeyCertOptions()
                                      .addCertPath(own.certificate().toString())
                                      .addKeyPath(own.key().toString())))
                      .requestHandler(this::answer)
                      .listen(0, "127.0.0.1"))
              .actualPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Configures brokers to use it for the mesh's cluster. */
  public MeshOptions askedBy(MeshOptions options) {
    return options
        .withBrokerSetting("clusters[0].kubernetes.url", "https://127.0.0.1:" + port)
        .withBrokerSetting("clusters[0].kubernetes.token-file", token.toString())
        .withBrokerSetting("clusters[0].kubernetes.ca", authority.certificate().toString());
  }

  /** A pod's uid. Unless the pod replaces another one, it is the uid in the mesh's tokens. */
  private String uid(String namespacedName) {
    return uids.computeIfAbsent(
        namespacedName,
        name ->
            UUID.nameUUIDFromBytes(("pod/" + name).getBytes(StandardCharsets.UTF_8)).toString());
  }

  /** Creates a pod, which is also in the brokers' lists from now on. */
  public void create(String namespace, String pod) {
    String name = namespace + "/" + pod;
    deleted.remove(name);
    listed.add(name);
    send("ADDED", name);
  }

  /** Creates another pod in the place of a deleted one of its name. */
  public void replace(String namespace, String pod, String uid) {
    uids.put(namespace + "/" + pod, uid);
    create(namespace, pod);
  }

  /** Deletes a pod and notifies all watches. */
  public void delete(String namespace, String pod) {
    String name = namespace + "/" + pod;
    listed.remove(name);
    deleted.add(name);
    send("DELETED", name);
  }

  private void send(String type, String name) {
    String line = new JsonObject().put("type", type).put("object", pod(name)).encode() + "\n";
    watches.forEach(watch -> watch.write(line));
  }

  /** The number of brokers that watch pods. */
  public int watches() {
    return watches.size();
  }

  /** The number of the brokers' requests for a service account. */
  public int serviceAccountsAsked() {
    return serviceAccountsAsked.get();
  }

  private JsonObject pod(String name) {
    return new JsonObject()
        .put("apiVersion", "v1")
        .put("kind", "Pod")
        .put("metadata", new JsonObject().put("uid", uid(name)).put("resourceVersion", "1"))
        .put("spec", new JsonObject().put("nodeName", "node-1"));
  }

  private void answer(HttpServerRequest request) {
    HttpServerResponse response = request.response().putHeader("Content-Type", "application/json");
    if (request.path().endsWith("/tokenreviews")) {
      request
          .body()
          .onSuccess(
              body -> {
                JsonArray audiences =
                    body.toJsonObject().getJsonObject("spec").getJsonArray("audiences");
                response.end(
                    new JsonObject()
                        .put("apiVersion", "authentication.k8s.io/v1")
                        .put("kind", "TokenReview")
                        .put(
                            "status",
                            new JsonObject().put("authenticated", true).put("audiences", audiences))
                        .encode());
              });
    } else if (request.path().equals(PODS) && request.getParam("watch") != null) {
      response.setChunked(true).writeHead();
      response.closeHandler(closed -> watches.remove(response));
      watches.add(response);
    } else if (request.path().equals(PODS)) {
      JsonArray items = new JsonArray();
      listed.forEach(name -> items.add(pod(name)));
      response.end(
          new JsonObject()
              .put("metadata", new JsonObject().put("resourceVersion", "1"))
              .put("items", items)
              .encode());
    } else if (request.path().startsWith("/api/v1/namespaces/")
        && request.path().contains("/pods/")) {
      List<String> parts = List.of(request.path().split("/", -1));
      String name = parts.get(4) + "/" + parts.get(6);
      boolean gone = deleted.contains(name);
      response.setStatusCode(gone ? 404 : 200).end(gone ? NOT_FOUND : pod(name).encode());
    } else {
      if (request.path().contains("/serviceaccounts/")) {
        serviceAccountsAsked.incrementAndGet();
      }
      response.setStatusCode(201).end("{}");
    }
  }

  private static <T> T await(Future<T> future) {
    return future.timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).await();
  }

  @Override
  public void close() {
    try {
      await(vertx.close());
    } finally {
      // The directory contains the key of the authority.
      PrivateFiles.delete(directory);
    }
  }
}
