package io.claviger.broker.ingress;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.IntPredicate;

/** Reads a request's body, up to a size limit and a deadline. */
public final class BoundedBody {

  /** Bytes beyond the limit are dropped up to this factor, so that the client gets the error. */
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
      super("the body is longer than " + limit + " bytes");
    }
  }

  /** The requests in progress leave no capacity for this one. */
  public static final class BodyBudgetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; its message is for the client. */
    public BodyBudgetException() {
      super("this broker has too many requests in progress: retry later");
    }
  }

  /**
   * Reads the whole body. If it is too long, fails with {@link TooLargeException}. If the client
   * misses the deadline or sends far too much, closes the connection.
   */
  public static Future<Buffer> read(
      Vertx vertx, HttpServerRequest request, int limit, Duration deadline) {
    return read(vertx, request, limit, deadline, bytes -> true);
  }

  /**
   * Reads the whole body within a shared memory budget. Received bytes count, not the announced
   * length.
   *
   * @param room reserves so many more bytes; if it returns false, the read fails with {@link
   *     BodyBudgetException}
   */
  public static Future<Buffer> read(
      Vertx vertx, HttpServerRequest request, int limit, Duration deadline, IntPredicate room) {
    BoundedBody reading = new BoundedBody(request, limit, room);
    // The deadline also covers a rejected body: the client still sends the rest of it.
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
