package io.claviger.broker.ingress.api;

import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Describes in words what a schema of the contract allows, for error messages. */
final class ContractLimits {

  private ContractLimits() {}

  /** Returns the requirement of a value, as text that follows the field's name. */
  static String of(JsonObject schema) {
    return switch (schema.getString("type", "string")) {
      case "boolean" -> "must be true or false";
      case "integer", "number" ->
          "must be a number" + range(schema, "minimum", "maximum", " from ", "");
      case "array" -> "must be a list" + range(schema, "minItems", "maxItems", " of ", " entries");
      case "object" ->
          "must be an object" + range(schema, "minProperties", "maxProperties", " of ", " entries");
      default -> "must be a string" + text(schema);
    };
  }

  private static String text(JsonObject schema) {
    if (schema.containsKey("enum")) {
      return schema.getJsonArray("enum").stream()
          .map(String::valueOf)
          .collect(Collectors.joining(", ", ", one of ", ""));
    }
    String pattern = schema.getString("pattern");
    return range(schema, "minLength", "maxLength", " of ", " characters")
        + (pattern == null ? "" : " that matches " + pattern);
  }

  private static String range(
      JsonObject schema, String minimum, String maximum, String before, String after) {
    @Nullable Integer least = schema.getInteger(minimum);
    @Nullable Integer most = schema.getInteger(maximum);
    if (least == null && most == null) {
      return "";
    }
    if (least == null) {
      return before + "at most " + most + after;
    }
    return most == null
        ? before + "at least " + least + after
        : before + least + " to " + most + after;
  }
}
