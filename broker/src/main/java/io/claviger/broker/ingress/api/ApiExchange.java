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

/** A request on its way to its one answer; lives on the request's event loop. */
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
   * An exchange that is under way.
   *
   * @param watches where an answer goes that goes on
   * @param leaves is told once that it is not under way any more
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

  /** The exchange of a request; absent before it was admitted. */
  static @Nullable ApiExchange of(RoutingContext routing) {
    return routing.get(KEY);
  }

  /** What the request has to be signed for. */
  AwsService service() {
    return service;
  }

  Buffer body() {
    return body;
  }

  /** Its signature has been verified. */
  void signed(Signed by, Buffer content) {
    signed = by;
    body = content;
  }

  /** Who has signed it; only asked behind the check of the signature. */
  Signed signed() {
    return Objects.requireNonNull(signed, "no signature has been verified");
  }

  /** Whether somebody is known to have signed it. */
  boolean isSigned() {
    return signed != null;
  }

  /** The id of the operation of the contract that it is; no such id while none is known. */
  String operation() {
    return operation;
  }

  /** The operation of the contract that it is. */
  void operation(String id) {
    operation = id;
  }

  /** Answers; a second answer, or one to a client that has left, goes nowhere. */
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

  /** It is under way no longer; further calls say nothing new. */
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
