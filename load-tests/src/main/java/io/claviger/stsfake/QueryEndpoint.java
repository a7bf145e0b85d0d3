package io.claviger.stsfake;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The Query protocol over HTTP: authenticates, throttles, delays, dispatches, answers XML. */
final class QueryEndpoint {

  private static final String VERSION = "2011-06-15";

  private final Vertx vertx;
  private final Authentication authentication;
  private final StsActions actions;
  private final Behaviours behaviours;
  private final StsLedger ledger;
  private final InstantSource clock;

  QueryEndpoint(
      Vertx vertx,
      Authentication authentication,
      StsActions actions,
      Behaviours behaviours,
      StsLedger ledger,
      InstantSource clock) {
    this.vertx = vertx;
    this.authentication = authentication;
    this.actions = actions;
    this.behaviours = behaviours;
    this.ledger = ledger;
    this.clock = clock;
  }

  void answer(HttpServerRequest request, Buffer body) {
    String requestId = UUID.randomUUID().toString();
    refusable(
        request,
        requestId,
        () -> {
          dispatch(request, received(request, body), requestId);
          return null;
        });
  }

  private static ReceivedRequest received(HttpServerRequest request, Buffer body) {
    String path = request.path();
    String query = request.query();
    return new ReceivedRequest(
        request.method().name(),
        path == null ? "/" : path,
        query == null ? "" : query,
        request.headers(),
        body);
  }

  private void dispatch(HttpServerRequest request, ReceivedRequest received, String requestId) {
    SigningKey caller = authentication.authenticate(received);
    QueryForm form = QueryForm.of(received);
    String action = String.valueOf(form.get("Action"));
    switch (action) {
      case "GetCallerIdentity" -> {
        admit(action, null);
        later(request, requestId, null, () -> actions.getCallerIdentity(caller, requestId));
      }
      case "AssumeRole" -> {
        String role = form.get("RoleArn");
        admit(action, role);
        later(
            request,
            requestId,
            role,
            () -> actions.assumeRole(caller, form, behaviours.nextFailure(role), requestId));
      }
      default ->
          throw new StsRefusal(
              new QueryError(
                  "InvalidAction",
                  400,
                  "Could not find operation " + action + " for version " + VERSION));
    }
  }

  private void admit(String action, @Nullable String role) {
    ledger.called(action);
    if (role != null) {
      ledger.calledFor(role, clock.instant());
    }
    if (behaviours.throttles(role)) {
      throw new StsRefusal(QueryError.throttling());
    }
  }

  private void later(
      HttpServerRequest request, String requestId, @Nullable String role, Supplier<String> answer) {
    Duration latency = behaviours.latency(role);
    if (latency.isZero()) {
      refusable(request, requestId, answer);
    } else {
      vertx.setTimer(
          Math.max(1, latency.toMillis()), timer -> refusable(request, requestId, answer));
    }
  }

  private void refusable(
      HttpServerRequest request, String requestId, Supplier<@Nullable String> answer) {
    try {
      String xml = answer.get();
      if (xml != null) {
        end(request, requestId, 200, xml);
      }
    } catch (StsRefusal refusal) {
      QueryError error = refusal.error();
      ledger.failed(error.code());
      end(request, requestId, error.status(), StsXml.error(error, requestId));
    }
  }

  private void end(HttpServerRequest request, String requestId, int status, String xml) {
    if (request.response().closed()) {
      return;
    }
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "text/xml")
        .putHeader("x-amzn-RequestId", requestId)
        .putHeader(
            "Date",
            DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.instant().atOffset(ZoneOffset.UTC)))
        .end(xml);
  }
}
