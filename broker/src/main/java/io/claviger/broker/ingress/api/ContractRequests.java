package io.claviger.broker.ingress.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.Json;
import io.vertx.json.schema.common.dsl.SchemaType;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.RequestUtils;
import io.vertx.openapi.validation.ValidatableRequest;
import io.vertx.openapi.validation.ValidatorErrorType;
import io.vertx.openapi.validation.ValidatorException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Converts requests for the contract's validator, from the raw path and the raw query.
 *
 * <p>The validator's own parsing is not used. It decodes query parameters twice, and it parses a
 * string that happens to be JSON: {@code 1.5} is a valid name of a service account. So strings are
 * passed as JSON strings.
 */
final class ContractRequests {

  private ContractRequests() {}

  private record Extracted(
      Map<String, RequestParameter> getPathParameters,
      Map<String, RequestParameter> getQuery,
      Map<String, RequestParameter> getHeaders,
      RequestParameter getBody)
      implements ValidatableRequest {

    @Override
    public Map<String, RequestParameter> getCookies() {
      return Map.of();
    }

    /** The protocol has a single content type, whatever the client's header is. */
    @Override
    public String getContentType() {
      return "application/json";
    }
  }

  /**
   * Converts a request. If its percent-encoding is invalid, fails with {@link ValidatorException}.
   *
   * @param body the verified body
   */
  static Future<ValidatableRequest> of(
      HttpServerRequest request, Operation operation, Buffer body) {
    try {
      return Future.succeededFuture(extract(request, operation, body));
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(
          new ValidatorException(
              "path or query: invalid percent-encoding", ValidatorErrorType.ILLEGAL_VALUE));
    }
  }

  private static ValidatableRequest extract(
      HttpServerRequest request, Operation operation, Buffer body) {
    String[] segments = request.path().split("/", -1);
    Map<String, List<String>> given = query(request.query());
    Map<String, RequestParameter> path = new HashMap<>();
    Map<String, RequestParameter> query = new HashMap<>();
    Map<String, RequestParameter> headers = new HashMap<>();
    for (Parameter parameter : operation.getParameters()) {
      String name = parameter.getName();
      switch (parameter.getIn()) {
        case PATH -> {
          int at = RequestUtils.findPathSegment(operation.getAbsoluteOpenAPIPath(), name);
          path.put(name, value(Json.encode(decode(segments[at], false))));
        }
        case QUERY -> query.put(name, value(joined(parameter, given.get(name))));
        case HEADER -> {
          String header = request.getHeader(name);
          headers.put(name, value(header == null ? null : Json.encode(header)));
        }
        case COOKIE -> {}
      }
    }
    return new Extracted(path, query, headers, value(body.length() == 0 ? null : body));
  }

  private static @Nullable String joined(Parameter parameter, @Nullable List<String> values) {
    if (values == null) {
      return null;
    }
    if (parameter.getSchemaType() == SchemaType.ARRAY) {
      // The validator splits the list at each "&name=", so the values must not contain it.
      return values.stream()
          .map(value -> parameter.getName() + "=" + Json.encode(value).replace("&", "\\u0026"))
          .collect(Collectors.joining("&"));
    }
    String first = values.getFirst();
    return parameter.getSchemaType() == SchemaType.STRING ? Json.encode(first) : first;
  }

  private static Map<String, List<String>> query(@Nullable String raw) {
    Map<String, List<String>> query = new HashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        query
            .computeIfAbsent(decode(name, true), key -> new ArrayList<>())
            .add(decode(value, true));
      }
    }
    return query;
  }

  /** In a path, a plus is literal. */
  private static String decode(String encoded, boolean plusIsSpace) {
    String text = plusIsSpace ? encoded : encoded.replace("+", "%2B");
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static RequestParameter value(@Nullable Object value) {
    return () -> value;
  }
}
