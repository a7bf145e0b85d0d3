package io.claviger.broker.ingress.admission;

import io.claviger.broker.telemetry.AdmissionMeters;
import io.claviger.schemas.SchemaJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/** A request until its single answer. Lives on the request's event loop. */
final class AdmissionExchange {

  private final HttpServerRequest request;
  private final AdmissionMeters meters;
  private final long started = System.nanoTime();

  AdmissionExchange(HttpServerRequest request, AdmissionMeters meters) {
    this.request = request;
    this.meters = meters;
  }

  /** Whether the client still waits for the answer. */
  boolean isOpen() {
    return !request.response().ended() && !request.response().closed();
  }

  /** Answers a review. */
  void answer(String outcome, AdmissionAnswer answer) {
    end(200, outcome, "application/json", Buffer.buffer(SchemaJson.writeBytes(answer)));
  }

  /** Rejects a request that is not a review. */
  void refuse(int status, String message) {
    answer(status, "refused", message);
  }

  /** Returns an error; the API server then applies the webhook's {@code failurePolicy}. */
  void answer(int status, String outcome, String message) {
    end(status, outcome, "text/plain; charset=utf-8", Buffer.buffer(message + "\n"));
  }

  private void end(int status, String outcome, String type, Buffer body) {
    meters.answered(outcome, Duration.ofNanos(System.nanoTime() - started));
    if (isOpen()) {
      HttpServerResponse response = request.response();
      response.setStatusCode(status).putHeader("Content-Type", type).end(body);
    }
  }
}
