package io.claviger.broker.adapter.oidc;

import io.claviger.config.http.BoundedAnswer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;

/** Gets a text from a server, bounded in time and length. Answers other than 200 are failures. */
final class BoundedGet {

  private static final String DISCOVERY_ROLE = "system:service-account-issuer-discovery";

  private final Vertx vertx;
  private final HttpClient client;
  private final Duration deadline;
  private final int maxBytes;

  /** Keeps no connection open; verifies host names. */
  BoundedGet(Vertx vertx, Duration deadline, int maxBytes) {
    this.vertx = vertx;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setKeepAlive(false)
                .setVerifyHost(true)
                .setConnectTimeout((int) deadline.toMillis()));
    this.deadline = deadline;
    this.maxBytes = maxBytes;
  }

  /** Returns the text. A failure names the server's URL and, if known, the remedy. */
  Future<String> text(KeyServer server) {
    Promise<String> text = Promise.promise();
    // Everything runs on one event loop. Otherwise the response could end before its handler is
    // set.
    vertx.getOrCreateContext().runOnContext(v -> get(server).onComplete(text));
    return text.future();
  }

  private Future<String> get(KeyServer server) {
    return server
        .files()
        .on(vertx, options(server))
        .compose(client::request)
        .compose(request -> answer(request, server))
        .recover(failure -> Future.failedFuture(server.url() + ": " + said(failure, server)));
  }

  private RequestOptions options(KeyServer server) {
    return new RequestOptions()
        .setMethod(HttpMethod.GET)
        .setAbsoluteURI(server.url().toString())
        .setFollowRedirects(false)
        .setConnectTimeout(deadline.toMillis())
        .setTimeout(deadline.toMillis())
        .putHeader("Accept", "application/jwk-set+json, application/json");
  }

  private Future<String> answer(HttpClientRequest request, KeyServer server) {
    return request
        .send()
        .compose(response -> body(response, server))
        .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> request.reset());
  }

  private Future<String> body(HttpClientResponse response, KeyServer server) {
    if (response.statusCode() != 200) {
      // The request is then reset; that is no error to report.
      response.exceptionHandler(reset -> {});
      return Future.failedFuture(
          "answered " + response.statusCode() + remedy(response.statusCode(), server));
    }
    return BoundedAnswer.read(response, maxBytes).map(Buffer::toString);
  }

  private static String remedy(int status, KeyServer server) {
    if (status != 401 && status != 403) {
      return "";
    }
    if (server.tokenFile().isEmpty()) {
      return ": it returns its keys only for a token; set kubernetes or jwks.token-file, and"
          + " bind the cluster role "
          + DISCOVERY_ROLE;
    }
    String file = server.tokenFile().get().toString();
    return status == 401
        ? ": it does not accept the token in " + file + "; it has expired or is another cluster's"
        : ": the service account of the token in "
            + file
            + " may not read it; bind the cluster role "
            + DISCOVERY_ROLE
            + " to it";
  }

  private static String said(Throwable failure, KeyServer server) {
    if (failure instanceof SSLHandshakeException) {
      // Vert.x's own message gives no reason.
      Throwable reason = failure.getCause() == null ? failure : failure.getCause();
      return "its certificate is not trusted (%s); authorities: %s"
          .formatted(reason.getMessage(), server.ca().map(Path::toString).orElse("the system's"));
    }
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }
}
