package io.claviger.scenario;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The result of one fetch of credentials, including the SDK's own retries. {@code toString()} shows
 * no secret.
 */
public sealed interface Fetch {

  /** The duration, including retries. */
  Duration took();

  /**
   * Credentials.
   *
   * @param accessKeyId names the session
   * @param secretAccessKey secret
   * @param sessionToken secret
   * @param accountId the account, if the SDK returns it
   * @param took the duration
   */
  record Got(
      String accessKeyId,
      String secretAccessKey,
      String sessionToken,
      @Nullable String accountId,
      Duration took)
      implements Fetch {
    @Override
    public String toString() {
      return "Got[accessKeyId=" + accessKeyId + ", took=" + took + "]";
    }
  }

  /**
   * The SDK gave up.
   *
   * @param message the SDK's message
   * @param took the duration
   */
  record Failed(String message, Duration took) implements Fetch {}
}
