package io.claviger.edge.ingress;

import io.claviger.schemas.bus.RefusalReason;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Writes answers: each one is JSON that must not be stored. */
final class Replies {

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  private static final CharSequence CLOSE = HttpHeaders.createOptimized("close");

  private volatile boolean draining;

  /** From now on, answers make clients reconnect, which leads them to another process. */
  void drain() {
    draining = true;
  }

  void ok(HttpServerRequest request, Buffer body) {
    end(request, body, draining);
  }

  void problem(HttpServerRequest request, Problem problem) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(problem.status());
    if (problem.status() == Problem.WRONG_METHOD.status()) {
      response.putHeader(HttpHeaders.ALLOW, "GET");
    }
    if (problem.reason() != null) {
      response.putHeader(RefusalReason.HEADER, problem.reason().name());
    }
    end(request, problem.body(), draining || problem.endsConnection());
  }

  private static void end(HttpServerRequest request, Buffer body, boolean last) {
    HttpServerResponse response = request.response();
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
        .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
    if (last) {
      response.putHeader(HttpHeaders.CONNECTION, CLOSE);
      response.end(body).onComplete(written -> request.connection().close());
    } else {
      response.end(body);
    }
  }
}
