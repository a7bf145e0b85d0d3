package io.claviger.broker.ingress.api;

import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.validation.SchemaValidationException;
import io.vertx.openapi.validation.ValidatorException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Error messages for requests that violate the contract. They name the field and what the contract
 * allows for it, without the sent values.
 */
final class ContractViolations {

  private static final String JSON = "application/json";
  private static final int MAX_TEXT = 600;
  private static final Set<String> OF_MEMBERS = Set.of("maxProperties", "minProperties");
  private static final Comparator<OutputUnit> DEPTH =
      Comparator.<OutputUnit>comparingInt(error -> error.getInstanceLocation().length())
          .thenComparingInt(error -> error.getKeywordLocation().length());

  private ContractViolations() {}

  /**
   * Returns the error.
   *
   * @param operation the operation of the request
   * @param body the body of the request
   */
  static Failed of(ValidatorException violation, Operation operation, Buffer body) {
    String message = String.valueOf(violation.getMessage());
    if (!(violation instanceof SchemaValidationException schema)) {
      return invalid(message);
    }
    Optional<OutputUnit> cause = cause(schema.getOutputUnit());
    if (cause.isEmpty()) {
      return invalid(message);
    }
    return message.contains(" request body ")
        ? invalid(inBody(cause.get(), operation, body))
        : operation.getParameters().stream()
            .filter(one -> message.contains(" parameter " + one.getName() + " is invalid"))
            .findFirst()
            .map(parameter -> invalid(inParameter(cause.get(), parameter)))
            .orElseGet(() -> invalid(message));
  }

  /** The cause is the error deepest in the value, by the deepest rule. The others repeat it. */
  private static Optional<OutputUnit> cause(OutputUnit unit) {
    List<OutputUnit> errors = unit.getErrors();
    return errors == null ? Optional.empty() : errors.stream().max(DEPTH);
  }

  private static String inParameter(OutputUnit error, Parameter parameter) {
    JsonObject rules = rules(error, parameter.getSchema());
    String entry = error.getInstanceLocation().length() > 1 ? "each " : "";
    return parameter.getName() + ": " + entry + ContractLimits.of(rules);
  }

  private static String inBody(OutputUnit error, Operation operation, Buffer body) {
    JsonSchema contract =
        Objects.requireNonNull(operation.getRequestBody().getContent().get(JSON), JSON).getSchema();
    JsonObject rules = rules(error, contract);
    String keyword = last(error.getKeywordLocation());
    String field = field(error.getInstanceLocation());
    if (keyword.equals("required")) {
      return missing(rules, value(error, body)) + ": is required";
    }
    if (keyword.equals("additionalProperties")) {
      return field + ": unknown field; the fields are " + names(rules);
    }
    if (error.getKeywordLocation().contains("/propertyNames/")) {
      String map = field(parent(error.getInstanceLocation()));
      return map + ": a key " + ContractLimits.of(rules);
    }
    String sent =
        OF_MEMBERS.contains(keyword) && value(error, body) instanceof JsonObject members
            ? ", " + members.size() + " were sent"
            : "";
    return field + ": " + ContractLimits.of(rules) + sent;
  }

  /** The schema that contains the violated rule. */
  private static JsonObject rules(OutputUnit error, JsonSchema contract) {
    JsonObject root = new JsonObject();
    contract.fieldNames().forEach(name -> root.put(name, contract.<Object>get(name)));
    Object rules = pointer(parent(error.getKeywordLocation())).queryJson(root);
    return rules instanceof JsonObject object ? object : new JsonObject();
  }

  private static Object value(OutputUnit error, Buffer body) {
    return pointer(error.getInstanceLocation()).queryJson(Json.decodeValue(body));
  }

  private static String missing(JsonObject rules, Object value) {
    return rules.getJsonArray("required").stream()
        .map(String::valueOf)
        .filter(name -> value instanceof JsonObject object && !object.containsKey(name))
        .collect(Collectors.joining(", "));
  }

  private static String names(JsonObject rules) {
    return String.join(", ", rules.getJsonObject("properties", new JsonObject()).fieldNames());
  }

  private static JsonPointer pointer(String location) {
    return JsonPointer.from(location.replaceFirst("^#", ""));
  }

  private static String parent(String location) {
    return location.substring(0, location.lastIndexOf('/'));
  }

  private static String last(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }

  /** {@code #/tags/team} is {@code tags.team}. */
  private static String field(String location) {
    String path = location.replaceFirst("^#?/?", "").replace('/', '.');
    return path.isEmpty() ? "body" : path.replace("~1", "/").replace("~0", "~");
  }

  private static Failed invalid(String message) {
    return new Failed(
        ApiErrors.INVALID_PARAMETER,
        message.length() <= MAX_TEXT ? message : message.substring(0, MAX_TEXT) + "…");
  }
}
