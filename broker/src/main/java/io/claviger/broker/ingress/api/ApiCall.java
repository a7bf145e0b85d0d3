package io.claviger.broker.ingress.api;

import io.claviger.broker.identity.ApiCaller;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A request with a verified signature, valid against the contract.
 *
 * @param caller the owner of the access key
 * @param keyStands whether the access key is still registered
 */
record ApiCall(ApiCaller caller, BooleanSupplier keyStands, ValidatedRequest request) {

  /** A path parameter, decoded. */
  String path(String name) {
    return Objects.requireNonNull(text(request.getPathParameters(), name), name);
  }

  /** A query parameter, decoded; null if absent. */
  @Nullable String query(String name) {
    return text(request.getQuery(), name);
  }

  /** A numeric query parameter, or {@code absent} if it is missing. */
  int number(String name, int absent) {
    RequestParameter value = request.getQuery().get(name);
    return value == null || value.isNull() ? absent : value.getInteger();
  }

  /** Whether a query parameter is present. */
  boolean has(String name) {
    RequestParameter value = request.getQuery().get(name);
    return value != null && !value.isNull();
  }

  /** Whether a query parameter is present and true. */
  boolean flag(String name) {
    RequestParameter value = request.getQuery().get(name);
    return value != null && !value.isNull() && value.getBoolean();
  }

  /** The values of a repeatable query parameter. */
  List<String> list(String name) {
    RequestParameter values = Objects.requireNonNull(request.getQuery().get(name), name);
    return values.getJsonArray().stream().map(String::valueOf).toList();
  }

  /** A header of the contract; null if absent. */
  @Nullable String header(String name) {
    return request.getHeaders().entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name) && !header.getValue().isNull())
        .map(header -> header.getValue().getString())
        .findFirst()
        .orElse(null);
  }

  JsonObject body() {
    return request.getBody().getJsonObject();
  }

  private static @Nullable String text(Map<String, RequestParameter> all, String name) {
    RequestParameter value = all.get(name);
    return value == null || value.isNull() ? null : value.getString();
  }
}
