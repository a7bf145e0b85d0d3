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
 * A request whose signature has been verified and that follows the contract.
 *
 * @param caller who has signed it
 * @param keyStands whether the key that it was signed with is still registered
 */
record ApiCall(ApiCaller caller, BooleanSupplier keyStands, ValidatedRequest request) {

  /** A path parameter, decoded. */
  String path(String name) {
    return Objects.requireNonNull(text(request.getPathParameters(), name), name);
  }

  /** A query parameter, decoded; absent when it was not given. */
  @Nullable String query(String name) {
    return text(request.getQuery(), name);
  }

  /** A number among the query parameters. */
  int number(String name, int absent) {
    RequestParameter value = request.getQuery().get(name);
    return value == null || value.isNull() ? absent : value.getInteger();
  }

  /** Whether a query parameter was given. */
  boolean has(String name) {
    RequestParameter value = request.getQuery().get(name);
    return value != null && !value.isNull();
  }

  /** Whether a query parameter says yes. */
  boolean flag(String name) {
    RequestParameter value = request.getQuery().get(name);
    return value != null && !value.isNull() && value.getBoolean();
  }

  /** A query parameter that may be given several times. */
  List<String> list(String name) {
    RequestParameter values = Objects.requireNonNull(request.getQuery().get(name), name);
    return values.getJsonArray().stream().map(String::valueOf).toList();
  }

  /** A header that the contract names; absent when it was not sent. */
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
