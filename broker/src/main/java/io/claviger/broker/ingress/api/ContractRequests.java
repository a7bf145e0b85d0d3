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
 * Requests as the contract's validator takes them, from the raw path and the raw query.
 *
 * <p>Why not the validator's own reading: it decodes query parameters twice, and takes a text that
 * happens to be JSON ({@code 1.5} is a service account's name) for that JSON. Texts are handed over
 * as JSON strings, which it takes for what they are.
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

    /** The protocol has one, whatever a client calls it. */
    @Override
    public String getContentType() {
      return "application/json";
    }
  }

  /**
   * Takes a request apart. Fails with {@link ValidatorException} when it is not percent-encoded as
   * it should be.
   *
   * @param body which has been read and verified already
   */
  static Future<ValidatableRequest> of(
      HttpServerRequest request, Operation operation, Buffer body) {
    try {
      return Future.succeededFuture(extract(request, operation, body));
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(
          new ValidatorException(
              "path or query: not percent-encoded", ValidatorErrorType.ILLEGAL_VALUE));
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
      // The validator splits it at each "&name=": no value may hold one.
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

  /** In a path a plus is a plus. */
  private static String decode(String encoded, boolean plusIsSpace) {
    String text = plusIsSpace ? encoded : encoded.replace("+", "%2B");
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static RequestParameter value(@Nullable Object value) {
    return () -> value;
  }
}
