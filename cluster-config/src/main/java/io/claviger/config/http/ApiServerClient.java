package io.claviger.config.http;

import io.claviger.config.lifecycle.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A client of the API server for one service account. It opens a connection per request: there are
 * few, and each may reach another replica.
 */
public final class ApiServerClient {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int OK = 200;
  private static final int CREATED = 201;
  private static final Duration HEAD = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final HttpClient client;
  private final String url;
  private final RotatedFiles files;

  /**
   * Creates a client; sends nothing yet.
   *
   * @param url of the API server
   * @param files the service account's token, and the authorities that sign the API server's
   *     certificate; read for each request
   * @param silence after which a response that has not ended is aborted: watches request bookmarks,
   *     of which one arrives each minute
   */
  public ApiServerClient(Vertx vertx, URI url, RotatedFiles files, Duration silence) {
    this.vertx = vertx;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setKeepAlive(false)
                .setVerifyHost(true)
                .setConnectTimeout((int) CONNECT.toMillis())
                // Of the connection; a request's own timeout ends with the response head.
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setReadIdleTimeout((int) silence.toMillis()));
    this.url = url.toString().replaceFirst("/$", "");
    this.files = files;
  }

  /** Returns the API server's address from the environment that Kubernetes sets in containers. */
  public static URI fromEnvironment(Map<String, String> environment) {
    String host = environment.get("KUBERNETES_SERVICE_HOST");
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    return URI.create(
        host == null
            ? "https://kubernetes.default.svc"
            : "https://" + new HostPort(host, Integer.parseInt(port)));
  }

  /** The API server answered with another status than the one that means success. */
  public static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    RefusedException(int status) {
      super("the API server answered " + status);
      this.status = status;
    }

    /** Returns the HTTP status. */
    public int status() {
      return status;
    }
  }

  /**
   * Returns the head of a 200 response, or fails with a {@link RefusedException}. Call it and read
   * the body on one event loop. Only silence limits the duration of the body.
   */
  public Future<HttpClientResponse> get(String path, String accept) {
    return get(path, accept, HEAD);
  }

  /** As {@link #get(String, String)}, with another timeout of the response head than 30 s. */
  public Future<HttpClientResponse> get(String path, String accept, Duration head) {
    return request(HttpMethod.GET, path, accept, head)
        .compose(HttpClientRequest::send)
        .compose(response -> expecting(OK, response));
  }

  /** Sends a JSON patch, RFC 6902. */
  public Future<HttpClientResponse> patch(String path, Buffer patch) {
    return request(HttpMethod.PATCH, path, "application/json", HEAD)
        .compose(
            request -> request.putHeader("Content-Type", "application/json-patch+json").send(patch))
        .compose(response -> expecting(OK, response));
  }

  /** Creates an object; success is 201. */
  public Future<HttpClientResponse> post(String path, Buffer object) {
    return request(HttpMethod.POST, path, "application/json", HEAD)
        .compose(request -> request.putHeader("Content-Type", "application/json").send(object))
        .compose(response -> expecting(CREATED, response));
  }

  private static Future<HttpClientResponse> expecting(int status, HttpClientResponse response) {
    if (response.statusCode() == status) {
      return Future.succeededFuture(response);
    }
    // The rest of the response is not read; that its request is reset is no error to report.
    response.exceptionHandler(reset -> {});
    response.request().reset();
    return Future.failedFuture(new RefusedException(response.statusCode()));
  }

  private Future<HttpClientRequest> request(
      HttpMethod method, String path, String accept, Duration head) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setAbsoluteURI(url + path)
            .setConnectTimeout(CONNECT.toMillis())
            .setIdleTimeout(head.toMillis())
            .setFollowRedirects(false)
            .putHeader("Accept", accept);
    return files.on(vertx, options).compose(client::request);
  }
}
