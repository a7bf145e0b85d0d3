package io.claviger.config.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;

/** Reads a response body up to a limit. */
public final class BoundedAnswer {

  private BoundedAnswer() {}

  /**
   * Returns the body. If it is too long, takes too long or ends early, the future fails and the
   * request is reset.
   */
  public static Future<Buffer> read(
      Vertx vertx, HttpClientResponse response, int maxBytes, Duration deadline) {
    long timer = vertx.setTimer(deadline.toMillis(), late -> response.request().reset());
    return read(response, maxBytes)
        .onFailure(failure -> response.request().reset())
        .onComplete(read -> vertx.cancelTimer(timer));
  }

  /**
   * Returns the body; fails if it is too long or ends early. The caller then decides whether to
   * reset the request.
   */
  public static Future<Buffer> read(HttpClientResponse response, int maxBytes) {
    Promise<Buffer> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    response.exceptionHandler(whole::tryFail);
    response.endHandler(end -> whole.tryComplete(body));
    response.handler(
        part -> {
          if (body.length() + part.length() > maxBytes) {
            whole.tryFail("answered more than " + maxBytes + " bytes");
          } else if (!whole.future().isComplete()) {
            body.appendBuffer(part);
          }
        });
    return whole.future();
  }
}
