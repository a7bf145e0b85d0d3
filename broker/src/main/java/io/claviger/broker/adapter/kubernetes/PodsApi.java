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
 * Lists and watches the pods of a cluster, metadata only. Needs {@code list} and {@code watch} of
 * {@code pods}. It does not use the Kubernetes client, whose informers keep whole objects in
 * memory.
 */
public final class PodsApi {

  /** Pods per page; the API server's own clients use the same number. */
  static final int MAX_PAGE = 500;

  private static final String PODS = "/api/v1/pods?";
  private static final String LIST =
      "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
  private static final String WATCH =
      "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";

  /** Until the watch is accepted, no changes arrive. */
  private static final Duration WATCH_HEAD = Duration.ofSeconds(5);

  /** Watches request bookmarks, which arrive every minute, so a silent watch is dead. */
  static final Duration SILENCE = Duration.ofSeconds(90);

  private final ApiServerClient client;

  /**
   * Sends no request yet.
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
   * Requests a page of all pods. The first page is as new as the API server's storage, because a
   * list without a version is consistent. Call it, and read the response, on one event loop.
   *
   * @param next token of the page; empty: the first
   */
  Future<HttpClientResponse> list(String next) {
    return client.get(
        PODS + "limit=" + MAX_PAGE + (next.isEmpty() ? "" : "&continue=" + escaped(next)), LIST);
  }

  /** Requests the changes after a version, one per line, until the time is over. */
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
