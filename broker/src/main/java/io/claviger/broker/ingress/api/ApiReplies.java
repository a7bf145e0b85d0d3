package io.claviger.broker.ingress.api;

import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import io.netty.handler.codec.TooLongFrameException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Writes the common headers and the errors of answers. If a broker rejects a signature, SDKs
 * correct their clocks by the answer's {@code Date}.
 */
final class ApiReplies {

  /** IMF-fixdate of RFC 9110, section 5.6.7: two digits for the day, which Java's own lacks. */
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final InstantSource clock;
  private final Supplier<UUID> requestIds;

  ApiReplies(InstantSource clock, Supplier<UUID> requestIds) {
    this.clock = clock;
    this.requestIds = requestIds;
  }

  /** Sets the common headers of all answers. */
  void begin(HttpServerResponse response) {
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.DATE, HTTP_DATE.format(clock.instant()))
        .putHeader("x-amzn-RequestId", requestIds.get().toString());
  }

  /** Ends an answer with an error, after {@link #begin}. */
  static Future<Void> fail(HttpServerResponse response, AwsService service, Failed failed) {
    return response
        .setStatusCode(ApiErrors.status(service, failed.code()))
        .putHeader("x-amzn-ErrorType", failed.code())
        .end(
            new JsonObject()
                .put("message", failed.message())
                .put("code", failed.code())
                .toBuffer());
  }

  /** Answers a request that is not HTTP/1.1 or has too large a head, and closes the connection. */
  void malformed(HttpServerRequest request) {
    Failed failed =
        request.decoderResult().cause() instanceof TooLongFrameException
            ? new Failed(ApiErrors.TOO_LARGE, "the request line or the headers are too long")
            : new Failed(ApiErrors.INVALID_REQUEST, "the request is not HTTP/1.1");
    begin(request.response());
    request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    fail(request.response(), AwsService.EKS, failed)
        .onComplete(written -> request.connection().close());
  }
}
