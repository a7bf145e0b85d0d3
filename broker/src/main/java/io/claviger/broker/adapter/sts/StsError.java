package io.claviger.broker.adapter.sts;

import io.claviger.broker.issuance.RoleSessions;
import io.claviger.broker.issuance.RoleSessions.Result.Retryable.Cause;
import io.claviger.schemas.bus.RefusalReason;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/**
 * A failed call of STS, classified: the only table of STS's error codes.
 *
 * @param kind the consequence
 * @param code STS's error code, or the failure's class if STS returned none
 * @param message of STS; empty if STS returned none
 */
record StsError(Kind kind, String code, String message) {

  /** The consequence of a failure. */
  enum Kind {
    /** The role denies the broker. */
    DENIED,
    /** The target role denies the first role. */
    TARGET_DENIED,
    /** STS will never accept the association's settings. */
    MISCONFIGURED,
    /** STS will never accept the association's settings for its target role. */
    TARGET_MISCONFIGURED,
    /** The broker's own credentials are invalid: it gets new ones and retries once. */
    OWN_CREDENTIALS,
    /** The first role's session ended early: it is opened again, once. */
    FIRST_HOP_ENDED,
    /** Too many calls. */
    THROTTLED,
    /** Any other failure: the next call may succeed. */
    RETRYABLE;

    /** Returns the tag value for meters. */
    String tag() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final int MAX_MESSAGE = 400;

  /**
   * Codes of AWS's common errors and of AssumeRole. 5xx and codes that are not listed are
   * retryable. The SDK itself classifies throttling codes.
   */
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
          Map.entry("UnrecognizedClientException", Kind.OWN_CREDENTIALS),
          Map.entry("SignatureDoesNotMatch", Kind.OWN_CREDENTIALS),
          Map.entry("IDPCommunicationError", Kind.RETRYABLE));

  /** Classifies the failure of a call's future. */
  static StsError of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case Failure known -> known.error;
      case AwsServiceException answer when answer.awsErrorDetails() != null -> of(answer);
      case ApiCallTimeoutException timeout -> retryable("timeout");
      case ApiCallAttemptTimeoutException timeout -> retryable("timeout");
      default -> retryable(cause.getClass().getSimpleName());
    };
  }

  /** Converts this error to one of the second hop's call. */
  StsError ofTarget() {
    return switch (kind) {
      case DENIED -> new StsError(Kind.TARGET_DENIED, code, message);
      case MISCONFIGURED -> new StsError(Kind.TARGET_MISCONFIGURED, code, message);
      case OWN_CREDENTIALS -> new StsError(Kind.FIRST_HOP_ENDED, code, message);
      default -> this;
    };
  }

  /** Returns an exception that carries this error; {@link #of(Throwable)} unwraps it. */
  RuntimeException asFailure() {
    return new Failure(this);
  }

  private static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient StsError error;

    Failure(StsError error) {
      super(error.code(), null, false, false);
      this.error = error;
    }
  }

  /** Returns the result for the session that was to be opened. */
  RoleSessions.Result of(RoleSessions.Request request) {
    String target = request.targetRoleArn();
    return switch (kind) {
      case DENIED -> denied(request.roleArn(), "the broker's role", request.tags());
      case TARGET_DENIED ->
          denied(String.valueOf(target), "role " + request.roleArn(), request.tags());
      case MISCONFIGURED -> misconfigured(request.roleArn());
      case TARGET_MISCONFIGURED -> misconfigured(String.valueOf(target));
      case OWN_CREDENTIALS ->
          retryable(
              Cause.OWN_CREDENTIALS, "STS rejects the broker's own credentials (" + code + ")");
      case FIRST_HOP_ENDED ->
          retryable(
              Cause.FAILING,
              "STS rejects the session of role " + request.roleArn() + " (" + code + ")");
      case THROTTLED -> retryable(Cause.THROTTLED, "STS is throttling the broker");
      case RETRYABLE -> retryable(Cause.FAILING, "STS is unavailable (" + code + ")");
    };
  }

  private RoleSessions.Result misconfigured(String role) {
    return new RoleSessions.Result.Denied(
        RefusalReason.ROLE_MISCONFIGURED,
        role,
        "STS rejects the association's settings for role %s: %s: %s"
            .formatted(role, code, message));
  }

  private static RoleSessions.Result denied(String role, String caller, Map<String, String> tags) {
    String actions = tags.isEmpty() ? "sts:AssumeRole" : "sts:AssumeRole and sts:TagSession";
    return new RoleSessions.Result.Denied(
        RefusalReason.ROLE_DENIED,
        role,
        "role %s denies %s: its trust policy must allow %s %s"
            .formatted(role, caller, caller, actions));
  }

  private static RoleSessions.Result retryable(Cause cause, String message) {
    return new RoleSessions.Result.Retryable(cause, message);
  }

  private static StsError of(AwsServiceException answer) {
    String code = answer.awsErrorDetails().errorCode();
    String message = answer.awsErrorDetails().errorMessage();
    if (answer.isThrottlingException()) {
      return new StsError(Kind.THROTTLED, code == null ? "Throttling" : code, "");
    }
    if (code == null || answer.statusCode() >= 500) {
      return retryable(code == null ? "status " + answer.statusCode() : code);
    }
    return new StsError(
        KINDS.getOrDefault(code, Kind.RETRYABLE), code, message == null ? "" : shortened(message));
  }

  /** The broker's own credentials are unavailable. */
  static StsError noOwnCredentials(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return new StsError(Kind.OWN_CREDENTIALS, cause.getClass().getSimpleName(), "");
  }

  private static StsError retryable(String code) {
    return new StsError(Kind.RETRYABLE, code, "");
  }

  private static String shortened(String message) {
    return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "…";
  }
}
