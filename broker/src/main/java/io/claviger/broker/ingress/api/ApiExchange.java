package io.claviger.broker.ingress.api;

import io.claviger.broker.identity.RequestSignatures.Signed;
import io.claviger.broker.ingress.api.ApiAnswer.Done;
import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import io.claviger.broker.ingress.api.ApiAnswer.Watching;
import io.claviger.broker.telemetry.ApiMeters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request until its single answer. Lives on the request's event loop. */
final class ApiExchange {

  private static final String KEY = ApiExchange.class.getName();
  private static final String NO_OPERATION = "none";
  private static final String OK = "ok";

  private final RoutingContext routing;
  private final AwsService service;
  private final ApiReplies replies;
  private final ApiMeters meters;
  private final WatchHandler watches;
  private final Runnable leaves;
  private boolean isUnderWay = true;
  private final long started = System.nanoTime();
  private String operation = NO_OPERATION;
  private @Nullable Signed signed;
  private Buffer body = Buffer.buffer();

  /**
   * Creates an exchange in progress.
   *
   * @param watches serves an answer that is a watch
   * @param leaves runs once when the exchange is no longer in progress
   */
  ApiExchange(
      RoutingContext routing,
      ApiReplies replies,
      ApiMeters meters,
      WatchHandler watches,
      Runnable leaves) {
    this.watches = watches;
    this.leaves = leaves;
    this.routing = routing;
    this.service = AwsService.of(String.valueOf(routing.request().path()));
    this.replies = replies;
    this.meters = meters;
    routing.put(KEY, this);
  }

  /** Returns the exchange of a request; null before the authenticator has created it. */
  static @Nullable ApiExchange of(RoutingContext routing) {
    return routing.get(KEY);
  }

  /** The service that the request must be signed for. */
  AwsService service() {
    return service;
  }

  Buffer body() {
    return body;
  }

  /** Records a verified signature. */
  void signed(Signed by, Buffer content) {
    signed = by;
    body = content;
  }

  /** Returns the signature. To be called only after its verification. */
  Signed signed() {
    return Objects.requireNonNull(signed, "no signature has been verified");
  }

  /** Whether a signature has been verified. */
  boolean isSigned() {
    return signed != null;
  }

  /** The contract's operation id; {@value #NO_OPERATION} while it is unknown. */
  String operation() {
    return operation;
  }

  /** Sets the contract's operation id. */
  void operation(String id) {
    operation = id;
  }

  /** Answers. Ignores a second answer, and an answer to a closed connection. */
  void answer(ApiAnswer answer) {
    HttpServerResponse response = routing.response();
    if (response.ended() || response.closed()) {
      return;
    }
    replies.begin(response);
    switch (answer) {
      case Done done -> done(response, done);
      case Watching watching -> watch(response, watching);
      case Failed failed ->
          failed(response, ApiErrors.asModelled(routing.request().path(), failed));
    }
  }

  private void done(HttpServerResponse response, Done done) {
    count(OK);
    if (done.revision() != null) {
      response.putHeader("ETag", "\"" + done.revision() + "\"");
    }
    response.end(done.body().toBuffer());
  }

  private void watch(HttpServerResponse response, Watching watching) {
    if (watches.isFull()) {
      failed(response, new Failed(ApiErrors.THROTTLING, "this broker has too many watches open"));
      return;
    }
    count(OK);
    left();
    response
        .setChunked(true)
        .putHeader("Content-Type", WatchEvents.CONTENT_TYPE)
        .putHeader("Cache-Control", "no-store");
    watches.serve(response, routing.request().connection(), watching);
  }

  /** Ends the progress of the exchange. Further calls have no effect. */
  void left() {
    if (isUnderWay) {
      isUnderWay = false;
      leaves.run();
    }
  }

  private void failed(HttpServerResponse response, Failed failed) {
    count(ApiErrors.isKnown(failed.code()) ? failed.code() : service.serverFault());
    ApiReplies.fail(response, service, failed);
  }

  private void count(String result) {
    meters.answered(operation, result, Duration.ofNanos(System.nanoTime() - started));
  }
}
