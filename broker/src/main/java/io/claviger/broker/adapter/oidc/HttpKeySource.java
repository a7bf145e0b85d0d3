package io.claviger.broker.adapter.oidc;

import io.claviger.broker.identity.KeySource;
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
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A JWK set over http or https. Answers other than 200 are failures, redirects too. */
public final class HttpKeySource implements KeySource {

  /** The whole fetch takes this long at most: three seconds. */
  public static final Duration DEADLINE = Duration.ofSeconds(3);

  /** A longer answer is a failure: 256 KiB. */
  public static final int MAX_BYTES = 256 * 1024;

  private final HttpClient client;
  private final URI url;
  private final Duration deadline;

  /** A source at a URL, with the system's authorities for https. */
  public HttpKeySource(Vertx vertx, URI url) {
    this(vertx.createHttpClient(options()), url, DEADLINE);
  }

  /**
   * A source at a URL.
   *
   * @param client brings whatever the server wants to see, for example authorities; see {@link
   *     #options()}
   */
  public HttpKeySource(HttpClient client, URI url, Duration deadline) {
    this.client = client;
    this.url = url;
    this.deadline = deadline;
  }

  /** What a client for this should start from: no connection is kept, host names are verified. */
  public static HttpClientOptions options() {
    return new HttpClientOptions()
        .setKeepAlive(false)
        .setVerifyHost(true)
        .setConnectTimeout((int) DEADLINE.toMillis());
  }

  @Override
  public CompletionStage<String> fetch() {
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(url.toString())
            .setFollowRedirects(false)
            .setConnectTimeout(deadline.toMillis())
            .setTimeout(deadline.toMillis())
            .putHeader("Accept", "application/jwk-set+json, application/json");
    return client
        .request(request)
        .compose(this::answer)
        .recover(failure -> Future.failedFuture(url + ": " + failure.getMessage()))
        .toCompletionStage();
  }

  private Future<String> answer(HttpClientRequest request) {
    return request
        .send()
        .compose(HttpKeySource::body)
        .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> request.reset());
  }

  private static Future<String> body(HttpClientResponse response) {
    if (response.statusCode() != 200) {
      return Future.failedFuture("answered " + response.statusCode());
    }
    Promise<String> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    response.exceptionHandler(whole::tryFail);
    response.endHandler(end -> whole.tryComplete(body.toString()));
    response.handler(
        part -> {
          if (body.length() + part.length() > MAX_BYTES) {
            whole.tryFail("answered more than " + MAX_BYTES + " bytes");
          } else {
            body.appendBuffer(part);
          }
        });
    return whole.future();
  }
}
