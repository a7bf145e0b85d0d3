package io.claviger.broker.ingress;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.IntPredicate;

/** Reads a request's body, up to a limit and within a time. */
public final class BoundedBody {

  /** What is beyond the limit is read and dropped up to here, so that the client hears why. */
  private static final int DRAIN_FACTOR = 16;

  private final HttpServerRequest request;
  private final int limit;
  private final IntPredicate room;
  private final Promise<Buffer> read = Promise.promise();
  private Buffer body = Buffer.buffer();
  private long received;

  private BoundedBody(HttpServerRequest request, int limit, IntPredicate room) {
    this.request = request;
    this.limit = limit;
    this.room = room;
  }

  /** The body is longer than the limit. */
  public static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLargeException(int limit) {
      super("a request's body has " + limit + " bytes at most");
    }
  }

  /** There is no room for it among all that is under way. */
  public static final class BodyBudgetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message for whoever sent it. */
    public BodyBudgetException() {
      super("too much is under way at once");
    }
  }

  /**
   * Reads it whole. Fails with {@link TooLargeException}; a client that is too slow, or sends far
   * too much, is cut off.
   */
  public static Future<Buffer> read(
      Vertx vertx, HttpServerRequest request, int limit, Duration deadline) {
    return read(vertx, request, limit, deadline, bytes -> true);
  }

  /**
   * The same where bodies share what there is: what has come counts, not what was announced.
   *
   * @param room whether there is any for so many bytes more; without, it fails with {@link
   *     BodyBudgetException}
   */
  public static Future<Buffer> read(
      Vertx vertx, HttpServerRequest request, int limit, Duration deadline, IntPredicate room) {
    BoundedBody reading = new BoundedBody(request, limit, room);
    // Also of a body that is rejected: until its end somebody sends it.
    long timer = vertx.setTimer(deadline.toMillis(), late -> request.connection().close());
    request.handler(reading::received);
    request.endHandler(
        end -> {
          vertx.cancelTimer(timer);
          reading.ended();
        });
    request.exceptionHandler(
        broken -> {
          vertx.cancelTimer(timer);
          reading.read.tryFail(broken);
        });
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      request.response().writeContinue();
    }
    return reading.read.future();
  }

  private void received(Buffer part) {
    received += part.length();
    if (received <= limit && !read.future().isComplete() && room.test(part.length())) {
      body.appendBuffer(part);
    } else {
      body = Buffer.buffer();
      if (received <= limit) {
        read.tryFail(new BodyBudgetException());
      }
    }
    if (received > (long) limit * DRAIN_FACTOR) {
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
