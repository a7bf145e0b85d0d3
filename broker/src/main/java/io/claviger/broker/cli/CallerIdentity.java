package io.claviger.broker.cli;

import io.claviger.broker.cli.doctor.Identity;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;

/** Calls {@code GetCallerIdentity} with the Region and the endpoint of an environment. */
final class CallerIdentity implements Identity {

  private static final Duration CALL = Duration.ofSeconds(10);

  private final Map<String, String> environment;

  CallerIdentity(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public String of(String accessKeyId, String secretAccessKey, String sessionToken)
      throws IOException {
    String region = environment.getOrDefault("AWS_REGION", environment.get("AWS_DEFAULT_REGION"));
    if (region == null || region.isBlank()) {
      throw new IOException("no Region for STS: set AWS_REGION");
    }
    StsClientBuilder builder =
        StsClient.builder()
            .region(Region.of(region))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsSessionCredentials.create(accessKeyId, secretAccessKey, sessionToken)))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .overrideConfiguration(calls -> calls.apiCallTimeout(CALL));
    String endpoint = environment.get("AWS_ENDPOINT_URL_STS");
    if (endpoint != null && !endpoint.isBlank()) {
      builder.endpointOverride(URI.create(endpoint));
    }
    try (StsClient sts = builder.build()) {
      return sts.getCallerIdentity().arn();
    } catch (SdkException e) {
      throw new IOException(CallErrors.text(e), e);
    }
  }
}
