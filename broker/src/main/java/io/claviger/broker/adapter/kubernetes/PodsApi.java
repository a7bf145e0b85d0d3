package io.claviger.broker.adapter.kubernetes;

import io.claviger.config.http.RotatedFiles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Lists and watches the pods of a cluster, metadata alone. Needs {@code list} and {@code watch} of
 * {@code pods}. Not by the Kubernetes client, whose informers keep whole objects in memory.
 */
public final class PodsApi {

  /** Pods of a page, as many as the API server's own clients ask for. */
  static final int MAX_PAGE = 500;

  private static final String LIST =
      "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
  private static final String WATCH =
      "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration LIST_HEAD = Duration.ofSeconds(30);

  /** Until it is accepted nothing of what changes is heard. */
  private static final Duration WATCH_HEAD = Duration.ofSeconds(5);

  /** Watches ask for bookmarks, of which one comes each minute: silence means that it is dead. */
  static final Duration SILENCE = Duration.ofSeconds(90);

  private final Vertx vertx;
  private final HttpClient client;
  private final String pods;
  private final RotatedFiles files;

  /**
   * Asks nothing yet.
   *
   * @param url of the API server
   * @param tokenFile the service account's token
   * @param ca authorities that sign the API server's certificate, PEM
   */
  public static PodsApi of(Vertx vertx, URI url, Path tokenFile, Path ca) {
    return new PodsApi(vertx, url, RotatedFiles.of(tokenFile, ca), SILENCE);
  }

  /**
   * Asks nothing yet. A connection a request: there are few, and each may go to another replica.
   *
   * @param url of the API server
   * @param files the service account's token, and authorities that sign the API server's
   *     certificate; read for each request
   * @param silence after which an answer that goes on is given up
   */
  PodsApi(Vertx vertx, URI url, RotatedFiles files, Duration silence) {
    this.vertx = vertx;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setKeepAlive(false)
                .setVerifyHost(true)
                .setConnectTimeout((int) CONNECT.toMillis())
                // Of the connection; a request's own ends with the head of the answer.
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setReadIdleTimeout((int) silence.toMillis()));
    this.pods = url.toString().replaceFirst("/$", "") + "/api/v1/pods?";
    this.files = files;
  }

  /** It answered something else than 200. */
  static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    RefusedException(int status) {
      super("the API server answered " + status);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /**
   * A page of all pods. The first is as new as the API server's storage: without a version a list
   * is consistent. To be called, and the answer read, on one event loop.
   *
   * @param next token of the page; empty: the first
   */
  Future<HttpClientResponse> list(String next) {
    return get(
        "limit=" + MAX_PAGE + (next.isEmpty() ? "" : "&continue=" + escaped(next)),
        LIST,
        LIST_HEAD);
  }

  /** What changes after a version, a line each, until the time is over. */
  Future<HttpClientResponse> watch(String version, Duration time) {
    return get(
        "watch=true&allowWatchBookmarks=true&timeoutSeconds=%d&resourceVersion=%s"
            .formatted(time.toSeconds(), escaped(version)),
        WATCH,
        WATCH_HEAD);
  }

  private Future<HttpClientResponse> get(String query, String accept, Duration head) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(pods + query)
            .setConnectTimeout(CONNECT.toMillis())
            .setIdleTimeout(head.toMillis())
            .setFollowRedirects(false)
            .putHeader("Accept", accept);
    return files
        .on(vertx, options)
        .compose(client::request)
        .compose(HttpClientRequest::send)
        .compose(PodsApi::successful);
  }

  private static Future<HttpClientResponse> successful(HttpClientResponse response) {
    if (response.statusCode() == 200) {
      return Future.succeededFuture(response);
    }
    // Nobody reads what else it says; that its request is reset is no error to report.
    response.exceptionHandler(reset -> {});
    response.request().reset();
    return Future.failedFuture(new RefusedException(response.statusCode()));
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
