package io.claviger.broker.adapter.kubernetes;

import io.claviger.config.http.ApiServerClient;
import io.claviger.config.http.RotatedFiles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Lists and watches the pods of a cluster, metadata alone. Needs {@code list} and {@code watch} of
 * {@code pods}. Not by the Kubernetes client, whose informers keep whole objects in memory.
 */
public final class PodsApi {

  /** Pods of a page, as many as the API server's own clients ask for. */
  static final int MAX_PAGE = 500;

  private static final String PODS = "/api/v1/pods?";
  private static final String LIST =
      "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
  private static final String WATCH =
      "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";

  /** Until it is accepted nothing of what changes is heard. */
  private static final Duration WATCH_HEAD = Duration.ofSeconds(5);

  /** Watches ask for bookmarks, of which one comes each minute: silence means that it is dead. */
  static final Duration SILENCE = Duration.ofSeconds(90);

  private final ApiServerClient client;

  /**
   * Asks nothing yet.
   *
   * @param url of the API server
   * @param tokenFile the service account's token
   * @param ca authorities that sign the API server's certificate, PEM
   */
  public static PodsApi of(Vertx vertx, URI url, Path tokenFile, Path ca) {
    return new PodsApi(new ApiServerClient(vertx, url, RotatedFiles.of(tokenFile, ca), SILENCE));
  }

  PodsApi(ApiServerClient client) {
    this.client = client;
  }

  /**
   * A page of all pods. The first is as new as the API server's storage: without a version a list
   * is consistent. To be called, and the answer read, on one event loop.
   *
   * @param next token of the page; empty: the first
   */
  Future<HttpClientResponse> list(String next) {
    return client.get(
        PODS + "limit=" + MAX_PAGE + (next.isEmpty() ? "" : "&continue=" + escaped(next)), LIST);
  }

  /** What changes after a version, a line each, until the time is over. */
  Future<HttpClientResponse> watch(String version, Duration time) {
    return client.get(
        PODS
            + "watch=true&allowWatchBookmarks=true&timeoutSeconds=%d&resourceVersion=%s"
                .formatted(time.toSeconds(), escaped(version)),
        WATCH,
        WATCH_HEAD);
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
