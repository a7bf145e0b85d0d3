package io.claviger.config.lifecycle;

import io.claviger.config.load.ServerConnections;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Serves {@code /healthz} (this process is alive; never depends on a peer), {@code /readyz} (503
 * with the names of the missing conditions), {@code /metrics} (Prometheus text), and the paths that
 * a program adds.
 */
public final class ManagementServer {

  private static final int MAX_HEADER_BYTES = 8 * 1024;

  /** Connections of probes, Prometheus and people, on all addresses together. */
  private static final int CONNECTIONS = 128;

  private final Vertx vertx;
  private final Readiness readiness;
  private final PrometheusMeterRegistry meters;
  private final ServerConnections connections = new ServerConnections(CONNECTIONS);
  private final List<HttpServer> servers = new ArrayList<>();
  private final Map<String, Supplier<String>> documents = new TreeMap<>();

  public ManagementServer(Vertx vertx, Readiness readiness, PrometheusMeterRegistry meters) {
    this.vertx = vertx;
    this.readiness = readiness;
    this.meters = meters;
  }

  /**
   * Adds a path that answers with a JSON document; call it before {@link #listen}.
   *
   * @param document called on a worker thread, one call at a time
   */
  public ManagementServer with(String path, Supplier<String> document) {
    documents.put(path, document);
    return this;
  }

  /** Listens on one more address, which serves every path. Fails if it cannot bind. */
  public Future<Integer> listen(HostPort address) {
    HttpServer server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setIdleTimeout(30)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                // Its header blocks have another limit, and no probe needs it.
                .setHttp2ClearTextEnabled(false)
                .setMaxHeaderSize(MAX_HEADER_BYTES));
    server.connectionHandler(connections::opened).requestHandler(this::answer);
    return Listening.at(address, server.listen(address.port(), address.host()))
        .map(
            listening -> {
              servers.add(listening);
              return listening.actualPort();
            });
  }

  /** Stops listening. */
  public Future<Void> close() {
    return Future.join(servers.stream().map(HttpServer::close).toList()).mapEmpty();
  }

  private void answer(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.GET)) {
      end(request, 405, "only GET");
      return;
    }
    switch (request.path()) {
      case "/healthz" -> end(request, 200, "ok");
      case "/readyz" -> {
        List<String> missing = readiness.missing();
        end(
            request,
            missing.isEmpty() ? 200 : 503,
            missing.isEmpty() ? "ready" : "not ready: " + String.join(", ", missing));
      }
      case "/metrics" -> {
        request.response().putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        request.response().end(meters.scrape());
      }
      default -> document(request);
    }
  }

  private void document(HttpServerRequest request) {
    Supplier<String> document = documents.get(request.path());
    if (document == null) {
      List<String> others = new ArrayList<>(documents.keySet());
      others.addAll(List.of("/healthz", "/readyz"));
      end(request, 404, String.join(", ", others) + " or /metrics");
      return;
    }
    vertx
        .executeBlocking(document::get)
        .onSuccess(
            json -> {
              request.response().putHeader("Content-Type", "application/json");
              request.response().end(json + "\n");
            })
        .onFailure(failure -> end(request, 500, "failed"));
  }

  private static void end(HttpServerRequest request, int status, String text) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .end(text + "\n");
  }
}
