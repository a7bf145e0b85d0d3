package io.claviger.stsfake;

import io.claviger.schemas.Check;

/**
 * An error as STS answers it.
 *
 * @param code the error's name, for example {@code AccessDenied}
 * @param status the HTTP status, 400 to 599
 * @param message for a person
 */
public record QueryError(String code, int status, String message) {

  public QueryError {
    Check.text(code, "code");
    Check.text(message, "message");
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status is 400 to 599, not " + status);
    }
  }

  /** Whose fault it is, as the Query protocol says it: {@code Sender} or {@code Receiver}. */
  public String type() {
    return status < 500 ? "Sender" : "Receiver";
  }

  /** The caller may not do this to that role. */
  public static QueryError accessDenied(String callerArn, String action, String roleArn) {
    return new QueryError(
        "AccessDenied",
        403,
        "User: "
            + callerArn
            + " is not authorized to perform: "
            + action
            + " on resource: "
            + roleArn);
  }

  /** More calls than the account may make. */
  public static QueryError throttling() {
    return new QueryError("Throttling", 400, "Rate exceeded");
  }

  /** STS's own fault. */
  public static QueryError internalFailure() {
    return new QueryError(
        "InternalFailure",
        500,
        "The request processing has failed because of an unknown error, exception or failure.");
  }

  static QueryError validation(String message) {
    return new QueryError("ValidationError", 400, message);
  }

  static QueryError invalidParameterValue(String message) {
    return new QueryError("InvalidParameterValue", 400, message);
  }

  static QueryError invalidClientTokenId() {
    return new QueryError(
        "InvalidClientTokenId", 403, "The security token included in the request is invalid.");
  }

  static QueryError expiredToken() {
    return new QueryError(
        "ExpiredToken", 403, "The security token included in the request is expired");
  }

  static QueryError signatureDoesNotMatch(String message) {
    return new QueryError("SignatureDoesNotMatch", 403, message);
  }

  static QueryError incompleteSignature(String message) {
    return new QueryError("IncompleteSignature", 400, message);
  }

  static QueryError missingAuthenticationToken() {
    return new QueryError(
        "MissingAuthenticationToken", 403, "Request is missing Authentication Token");
  }
}
