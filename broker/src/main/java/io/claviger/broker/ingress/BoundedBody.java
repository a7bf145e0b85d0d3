package io.claviger.broker.ingress;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/** Reads a request's body, up to a limit and within a time. */
public final class BoundedBody {

  /** What is beyond the limit is read and dropped up to here, so that the client hears why. */
  private static final int PATIENCE = 16;

  private final HttpServerRequest request;
  private final int limit;
  private final Promise<Buffer> read = Promise.promise();
  private Buffer body = Buffer.buffer();
  private long received;

  private BoundedBody(HttpServerRequest request, int limit) {
    this.request = request;
    this.limit = limit;
  }

  /** The body is longer than the limit. */
  public static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLargeException(int limit) {
      super("a request's body has " + limit + " bytes at most");
    }
  }

  /**
   * Reads it whole. Fails with {@link TooLargeException}; a client that is too slow, or sends far
   * too much, is cut off.
   */
  public static Future<Buffer> read(
      Vertx vertx, HttpServerRequest request, int limit, Duration deadline) {
    BoundedBody reading = new BoundedBody(request, limit);
    long timer = vertx.setTimer(deadline.toMillis(), late -> request.connection().close());
    request.handler(reading::received);
    request.endHandler(end -> reading.ended());
    request.exceptionHandler(reading.read::tryFail);
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      request.response().writeContinue();
    }
    return reading.read.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private void received(Buffer part) {
    received += part.length();
    if (received <= limit) {
      body.appendBuffer(part);
    } else {
      body = Buffer.buffer();
    }
    if (received > (long) limit * PATIENCE) {
      request.connection().close();
    }
  }

  private void ended() {
    if (received > limit) {
      read.tryFail(new TooLargeException(limit));
    } else {
      read.tryComplete(body);
    }
  }
}
