package io.claviger.scenario;

import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The AWS SDK for Java's own {@link ContainerCredentialsProvider}, in this process. It has one
 * second to connect and one to read. It retries five times without a pause, only after 5xx and
 * broken connections. Each fetch has a new provider, so nothing is cached.
 */
public final class SdkClient implements FetchingClient {

  public SdkClient() {
    ThreadProperties.install();
  }

  @Override
  public Fetch fetch(PodEnvironment pod) throws InterruptedException {
    long started = System.nanoTime();
    try {
      AwsCredentials credentials = ThreadProperties.with(properties(pod), SdkClient::resolve);
      return got(credentials, since(started));
    } catch (SdkException e) {
      return new Fetch.Failed(why(e), since(started));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return new Fetch.Failed(e.toString(), since(started));
    }
  }

  /** The SDK's message, with the last cause, which has the reason. */
  private static String why(SdkException failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause == failure
        ? String.valueOf(failure.getMessage())
        : failure.getMessage() + " " + cause;
  }

  private static AwsCredentials resolve() {
    try (ContainerCredentialsProvider provider = ContainerCredentialsProvider.create()) {
      return provider.resolveCredentials();
    }
  }

  private static Map<String, String> properties(PodEnvironment pod) {
    return Map.of(
        SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.property(),
        pod.credentials().toString(),
        SdkSystemSetting.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE.property(),
        pod.tokenFile().toString());
  }

  private static Fetch got(AwsCredentials credentials, Duration took) {
    return credentials instanceof AwsSessionCredentials session
        ? new Fetch.Got(
            session.accessKeyId(),
            session.secretAccessKey(),
            session.sessionToken(),
            session.accountId().orElse(null),
            took)
        : new Fetch.Failed("credentials without a session token", took);
  }

  private static Duration since(long started) {
    return Duration.ofNanos(System.nanoTime() - started);
  }
}
