package io.claviger.broker.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What an operator reads when a call fails. */
final class CallErrors {

  private CallErrors() {}

  /** The API's code and message; what the SDK says where the API did not answer. */
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
