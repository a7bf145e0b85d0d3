package io.claviger.broker.adapter.sts;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/**
 * A failed call of STS, classified: the one table of what its error codes mean to us.
 *
 * @param kind what follows from it
 * @param code STS's error code, or the class of the failure where STS gave none
 * @param message STS's words; empty where STS gave none
 */
record StsError(Kind kind, String code, String message) {

  /** What follows from a failure. */
  enum Kind {
    /** The role does not let the broker in. */
    DENIED,
    /** STS will never accept what the association says. */
    MISCONFIGURED,
    /** The broker's own credentials are amiss: it gets new ones and tries once more. */
    OWN_CREDENTIALS,
    /** Too many calls. */
    THROTTLED,
    /** Anything else may pass. */
    PASSING;

    /** As a tag of meters. */
    String tag() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final int MAX_MESSAGE = 400;

  /** By the code of AWS's common errors and AssumeRole's own; 5xx and what is not here may pass. */
  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("AccessDenied", Kind.DENIED),
          Map.entry("AccessDeniedException", Kind.DENIED),
          Map.entry("MalformedPolicyDocument", Kind.MISCONFIGURED),
          Map.entry("MalformedPolicyDocumentException", Kind.MISCONFIGURED),
          Map.entry("PackedPolicyTooLarge", Kind.MISCONFIGURED),
          Map.entry("PackedPolicyTooLargeException", Kind.MISCONFIGURED),
          Map.entry("ValidationError", Kind.MISCONFIGURED),
          Map.entry("ValidationException", Kind.MISCONFIGURED),
          Map.entry("RegionDisabled", Kind.MISCONFIGURED),
          Map.entry("RegionDisabledException", Kind.MISCONFIGURED),
          Map.entry("ExpiredToken", Kind.OWN_CREDENTIALS),
          Map.entry("ExpiredTokenException", Kind.OWN_CREDENTIALS),
          Map.entry("InvalidClientTokenId", Kind.OWN_CREDENTIALS),
          Map.entry("Throttling", Kind.THROTTLED),
          Map.entry("ThrottlingException", Kind.THROTTLED),
          Map.entry("RequestLimitExceeded", Kind.THROTTLED),
          Map.entry("IDPCommunicationError", Kind.PASSING));

  /** Classifies what a call's future failed with. */
  static StsError of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case AwsServiceException answer when answer.awsErrorDetails() != null -> of(answer);
      case ApiCallTimeoutException timeout -> passing("timeout");
      case ApiCallAttemptTimeoutException timeout -> passing("timeout");
      default -> passing(cause.getClass().getSimpleName());
    };
  }

  private static StsError of(AwsServiceException answer) {
    String code = answer.awsErrorDetails().errorCode();
    String message = answer.awsErrorDetails().errorMessage();
    if (code == null || answer.statusCode() >= 500) {
      return passing(code == null ? "status " + answer.statusCode() : code);
    }
    return new StsError(
        KINDS.getOrDefault(code, Kind.PASSING), code, message == null ? "" : shortened(message));
  }

  private static StsError passing(String code) {
    return new StsError(Kind.PASSING, code, "");
  }

  private static String shortened(String message) {
    return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "…";
  }
}
