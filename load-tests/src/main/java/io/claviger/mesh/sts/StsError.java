package io.claviger.mesh.sts;

import io.claviger.schemas.Check;

/**
 * An error as STS answers it.
 *
 * @param code the error's name, for example {@code AccessDenied}
 * @param status the HTTP status, 400 to 599
 * @param message for a person
 */
public record StsError(String code, int status, String message) {

  public StsError {
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
  public static StsError accessDenied(String callerArn, String action, String roleArn) {
    return new StsError(
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
  public static StsError throttling() {
    return new StsError("Throttling", 400, "Rate exceeded");
  }

  /** STS's own trouble. */
  public static StsError internalFailure() {
    return new StsError(
        "InternalFailure",
        500,
        "The request processing has failed because of an unknown error, exception or failure.");
  }

  /** STS's own trouble, said to pass. */
  public static StsError serviceUnavailable() {
    return new StsError("ServiceUnavailable", 503, "Service is unable to handle request.");
  }

  static StsError validation(String message) {
    return new StsError("ValidationError", 400, message);
  }

  static StsError invalidParameterValue(String message) {
    return new StsError("InvalidParameterValue", 400, message);
  }

  static StsError invalidClientTokenId() {
    return new StsError(
        "InvalidClientTokenId", 403, "The security token included in the request is invalid.");
  }

  static StsError expiredToken() {
    return new StsError(
        "ExpiredToken", 403, "The security token included in the request is expired");
  }

  static StsError signatureDoesNotMatch(String message) {
    return new StsError("SignatureDoesNotMatch", 403, message);
  }

  static StsError incompleteSignature(String message) {
    return new StsError("IncompleteSignature", 400, message);
  }

  static StsError missingAuthenticationToken() {
    return new StsError(
        "MissingAuthenticationToken", 403, "Request is missing Authentication Token");
  }
}
