package io.claviger.broker.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** The text of a failed call, for the operator. */
final class CallErrors {

  private CallErrors() {}

  /** Returns the API's error code and message, or the SDK's message if the API did not answer. */
  static String text(SdkException e) {
    if (e instanceof AwsServiceException refused && refused.awsErrorDetails() != null) {
      return refused(refused.awsErrorDetails(), refused.statusCode());
    }
    String message = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    String cause = e.getCause() == null ? null : e.getCause().getMessage();
    return cause == null || message.contains(cause) ? message : message + " (" + cause + ")";
  }

  private static String refused(AwsErrorDetails details, int status) {
    @Nullable String code = details.errorCode();
    @Nullable String message = details.errorMessage();
    return (code == null ? "HTTP " + status : code) + (message == null ? "" : ": " + message);
  }
}
