package io.claviger.stsfake;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The stand-in's control for people, JSON over HTTP, for loopback only. GET answers counts and the
 * last calls. POST sets a behaviour for {@code "role"}, or for all without it:
 *
 * <pre>
 * {"role": "arn:aws:iam::123456789012:role/pods/billing", "latencyMillis": 500, "throttlePerSecond": 10,
 *  "throttledPart": 0.3, "sessionSeconds": 900, "fail": {"code": "AccessDenied", "status": 403, "message": "no", "times": 3}}
 * </pre>
 *
 * {@code {"clear": true}} takes it all back first; without {@code times} a failure lasts.
 */
final class ControlEndpoint {

  private static final int SHOWN_CALLS = 50;
  private static final Set<String> FIELDS =
      Set.of(
          "role",
          "clear",
          "latencyMillis",
          "throttlePerSecond",
          "throttledPart",
          "sessionSeconds",
          "fail");

  private final Behaviours behaviours;
  private final StsLedger ledger;

  ControlEndpoint(Behaviours behaviours, StsLedger ledger) {
    this.behaviours = behaviours;
    this.ledger = ledger;
  }

  void answer(HttpServerRequest request, Buffer body) {
    if (!fromHere(request)) {
      end(request, 403, new JsonObject().put("message", "loopback only"));
    } else if (HttpMethod.GET.equals(request.method())) {
      end(request, 200, counts());
    } else if (HttpMethod.POST.equals(request.method())) {
      set(request, body);
    } else {
      end(request, 405, new JsonObject().put("message", "GET or POST"));
    }
  }

  private void set(HttpServerRequest request, Buffer body) {
    try {
      JsonObject order = body.toJsonObject();
      if (!FIELDS.containsAll(order.fieldNames())) {
        throw new IllegalArgumentException("fields are " + FIELDS);
      }
      String role = order.getString("role");
      apply(order, role == null ? behaviours.all() : behaviours.of(role));
      end(request, 200, counts());
    } catch (DecodeException | IllegalArgumentException | ClassCastException e) {
      end(request, 400, new JsonObject().put("message", String.valueOf(e.getMessage())));
    }
  }

  private static void apply(JsonObject order, Behaviour behaviour) {
    if (order.getBoolean("clear", false)) {
      behaviour.clear();
    }
    if (order.containsKey("latencyMillis")) {
      behaviour.latency(Duration.ofMillis(order.getLong("latencyMillis")));
    }
    if (order.containsKey("throttlePerSecond")) {
      behaviour.throttleAt(order.getDouble("throttlePerSecond"));
    }
    if (order.containsKey("throttledPart")) {
      behaviour.throttlePart(order.getDouble("throttledPart"));
    }
    if (order.containsKey("sessionSeconds")) {
      behaviour.sessionDuration(Duration.ofSeconds(order.getLong("sessionSeconds")));
    }
    JsonObject fail = order.getJsonObject("fail");
    if (fail != null) {
      QueryError error =
          new QueryError(
              fail.getString("code"),
              fail.getInteger("status", 400),
              fail.getString("message", "ordered to fail"));
      if (fail.containsKey("times")) {
        behaviour.failNext(fail.getInteger("times"), error);
      } else {
        behaviour.failWith(error);
      }
    }
  }

  private JsonObject counts() {
    List<AssumedRole> records = ledger.assumedRoles();
    JsonArray last = new JsonArray();
    for (AssumedRole call :
        records.subList(Math.max(0, records.size() - SHOWN_CALLS), records.size())) {
      last.add(shown(call));
    }
    return new JsonObject()
        .put("actions", json(ledger.callsByAction()))
        .put("roles", json(ledger.callsByRole()))
        .put("errors", json(ledger.errorsByCode()))
        .put("lastAssumeRoles", last);
  }

  private static JsonObject shown(AssumedRole call) {
    return new JsonObject()
        .put("at", call.at().toString())
        .put("caller", call.caller())
        .put("role", call.roleArn())
        .put("sessionName", call.sessionName())
        .put("tags", new JsonObject(Map.<String, Object>copyOf(call.tags())))
        .put("accessKeyId", call.accessKeyId())
        .put("error", call.error());
  }

  private static JsonObject json(Map<String, Long> counts) {
    JsonObject json = new JsonObject();
    counts.forEach(json::put);
    return json;
  }

  private static boolean fromHere(HttpServerRequest request) {
    try {
      return request.remoteAddress() != null
          && InetAddress.getByName(request.remoteAddress().hostAddress()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static void end(HttpServerRequest request, int status, JsonObject answer) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(answer.encodePrettily() + "\n");
  }
}
