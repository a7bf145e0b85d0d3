package io.claviger.broker.ingress.api;

import io.claviger.broker.identity.ApiCaller;
import io.claviger.broker.ingress.api.ApiAnswer.Done;
import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import io.claviger.broker.telemetry.ApiMeters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A request on its way to its one answer; lives on the request's event loop. */
final class ApiExchange {

  private static final String KEY = ApiExchange.class.getName();
  private static final String NO_OPERATION = "none";
  private static final String OK = "ok";

  private final RoutingContext routing;
  private final AwsService service;
  private final UUID requestId;
  private final ApiMeters meters;
  private final long started = System.nanoTime();
  private String operation = NO_OPERATION;
  private @Nullable ApiCaller caller;
  private Buffer body = Buffer.buffer();

  ApiExchange(RoutingContext routing, UUID requestId, ApiMeters meters) {
    this.routing = routing;
    this.service = AwsService.of(String.valueOf(routing.request().path()));
    this.requestId = requestId;
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
  void signed(ApiCaller by, Buffer content) {
    caller = by;
    body = content;
  }

  /** Who has signed it; only asked behind the check of the signature. */
  ApiCaller caller() {
    return Objects.requireNonNull(caller, "no signature has been verified");
  }

  /** Whether somebody is known to have signed it. */
  boolean isSigned() {
    return caller != null;
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
    response
        .putHeader("Content-Type", "application/json")
        .putHeader("x-amzn-RequestId", requestId.toString());
    switch (answer) {
      case Done done -> done(response, done);
      case Failed failed -> failed(response, failed);
    }
  }

  private void done(HttpServerResponse response, Done done) {
    count(OK);
    if (done.revision() != null) {
      response.putHeader("ETag", "\"" + done.revision() + "\"");
    }
    response.end(done.body().toBuffer());
  }

  private void failed(HttpServerResponse response, Failed failed) {
    count(ApiErrors.isKnown(failed.code()) ? failed.code() : service.ownTrouble());
    response
        .setStatusCode(ApiErrors.status(service, failed.code()))
        .putHeader("x-amzn-ErrorType", failed.code())
        .end(
            new JsonObject()
                .put("message", failed.message())
                .put("code", failed.code())
                .toBuffer());
  }

  private void count(String result) {
    meters.answered(operation, result, Duration.ofNanos(System.nanoTime() - started));
  }
}
