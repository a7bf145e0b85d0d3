package io.claviger.broker.ingress.api;

import io.claviger.broker.identity.RequestSignatures;
import io.claviger.broker.identity.RequestSignatures.Header;
import io.claviger.broker.identity.RequestSignatures.SignedRequest;
import io.claviger.broker.ingress.BoundedBody;
import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import io.claviger.broker.telemetry.ApiMeters;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The first step of each request. It reads the body within limits and verifies the signature over
 * the received bytes. No body is parsed before.
 */
final class ApiAuthenticator {

  private final Vertx vertx;
  private final RequestSignatures signatures;
  private final ApiLimits limits;
  private final ApiMeters meters;
  private final WatchHandler watches;
  private final ApiReplies replies;
  private final Consumer<HttpConnection> verified;
  private final AtomicInteger underWay = new AtomicInteger();

  /**
   * Creates an authenticator.
   *
   * @param verified receives the connection of each request with a valid signature
   */
  ApiAuthenticator(
      Vertx vertx,
      RequestSignatures signatures,
      ApiLimits limits,
      ApiMeters meters,
      WatchHandler watches,
      ApiReplies replies,
      Consumer<HttpConnection> verified) {
    this.vertx = vertx;
    this.signatures = signatures;
    this.limits = limits;
    this.meters = meters;
    this.watches = watches;
    this.replies = replies;
    this.verified = verified;
    meters.underWay(underWay::get);
  }

  /** Returns the request's exchange, and creates it if there is none yet. */
  ApiExchange exchange(RoutingContext routing) {
    ApiExchange known = ApiExchange.of(routing);
    if (known != null) {
      return known;
    }
    underWay.incrementAndGet();
    ApiExchange made =
        new ApiExchange(routing, replies, meters, watches, underWay::decrementAndGet);
    routing.addEndHandler(ended -> made.left());
    return made;
  }

  /** Passes a valid request to the next handler, and answers any other with an error. */
  void enter(RoutingContext routing) {
    ApiExchange exchange = exchange(routing);
    if (underWay.get() > limits.underWay()) {
      exchange.answer(
          new Failed(ApiErrors.THROTTLING, "this broker has too many requests in progress"));
      return;
    }
    BoundedBody.read(vertx, routing.request(), limits.bodyBytes(), limits.bodyDeadline())
        .onSuccess(body -> verify(routing, exchange, body))
        .onFailure(failure -> unread(exchange, failure));
  }

  private void verify(RoutingContext routing, ApiExchange exchange, Buffer body) {
    SignedRequest signed = signed(routing.request(), body);
    switch (signatures.verify(signed, exchange.service().signingName())) {
      case RequestSignatures.Unsigned unsigned ->
          exchange.answer(new Failed(unsigned.code(), unsigned.message()));
      case RequestSignatures.Signed by -> {
        verified.accept(routing.request().connection());
        exchange.signed(by, body);
        if (routing.normalizedPath().equals(routing.request().path())) {
          routing.next();
        } else {
          // For example dot segments: the signed path must equal the routed path.
          exchange.answer(unknownOperation(routing.request()));
        }
      }
    }
  }

  static Failed unknownOperation(HttpServerRequest request) {
    return new Failed(
        ApiErrors.UNKNOWN_OPERATION,
        "there is no operation " + request.method() + " " + request.path());
  }

  private static void unread(ApiExchange exchange, Throwable failure) {
    if (failure instanceof BoundedBody.TooLargeException tooLarge) {
      exchange.answer(
          new Failed(ApiErrors.TOO_LARGE, Objects.requireNonNull(tooLarge.getMessage())));
    }
    // Otherwise the client has closed the connection.
  }

  private static SignedRequest signed(HttpServerRequest request, Buffer body) {
    List<Header> headers =
        request.headers().entries().stream()
            .map(header -> new Header(header.getKey(), header.getValue()))
            .toList();
    String query = request.query();
    return new SignedRequest(
        request.method().name(),
        request.path(),
        query == null ? "" : query,
        headers,
        body.getBytes());
  }
}
