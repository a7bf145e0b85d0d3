package io.claviger.scenario;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of asking for credentials once, retries of the SDK's own included. {@code toString()}
 * shows no secret.
 */
public sealed interface Fetch {

  /** How long it took, retries included. */
  Duration took();

  /**
   * Credentials.
   *
   * @param accessKeyId names the session
   * @param secretAccessKey secret
   * @param sessionToken secret
   * @param accountId the account, where the SDK tells it
   * @param took how long it took
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
   * @param message the SDK's
   * @param took how long it took
   */
  record Failed(String message, Duration took) implements Fetch {}
}
