package io.claviger.broker.ingress.api;

import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.validation.SchemaValidationException;
import io.vertx.openapi.validation.ValidatorException;
import java.util.Comparator;
import java.util.List;

/** What a person is told of a request that does not follow the contract: the field first. */
final class ContractViolations {

  private static final int MAX_TEXT = 300;
  private static final Comparator<OutputUnit> DEPTH =
      Comparator.<OutputUnit>comparingInt(error -> error.getInstanceLocation().length())
          .thenComparingInt(error -> error.getKeywordLocation().length());

  private ContractViolations() {}

  static Failed of(ValidatorException violation) {
    String message = String.valueOf(violation.getMessage());
    if (violation instanceof SchemaValidationException schema && message.contains("request body")) {
      return invalid(inBody(schema.getOutputUnit()));
    }
    return invalid(message);
  }

  /** The error deepest in the body, by the deepest rule, is the cause; the others repeat it. */
  private static String inBody(OutputUnit unit) {
    List<OutputUnit> errors = unit.getErrors();
    return errors.stream()
        .max(DEPTH)
        .map(error -> field(error.getInstanceLocation()) + ": " + error.getError())
        .orElse("body: does not follow the contract");
  }

  /** {@code #/tags/team} is {@code tags.team}. */
  private static String field(String location) {
    String path = location.replaceFirst("^#?/?", "").replace('/', '.');
    return path.isEmpty() ? "body" : path;
  }

  private static Failed invalid(String message) {
    return new Failed(
        ApiErrors.INVALID_PARAMETER,
        message.length() <= MAX_TEXT ? message : message.substring(0, MAX_TEXT) + "…");
  }
}
