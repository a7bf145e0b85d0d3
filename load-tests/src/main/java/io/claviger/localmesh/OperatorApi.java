package io.claviger.localmesh;

import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.eks.EksClient;

/** The brokers' association API, called by AWS's SDK with the operator's key. */
public final class OperatorApi {

  private OperatorApi() {}

  /**
   * A client of one broker; the caller closes it. It does not retry.
   *
   * @param attempt timeout of a call
   */
  public static EksClient of(LocalMesh mesh, BrokerMember broker, Duration attempt) {
    return EksClient.builder()
        .endpointOverride(broker.endpoint())
        .region(Region.of(mesh.options().cluster().region()))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(mesh.admin().id(), mesh.admin().secret())))
        .httpClient(UrlConnectionHttpClient.create())
        .overrideConfiguration(
            settings ->
                settings
                    .retryStrategy(DefaultRetryStrategy.doNotRetry())
                    .apiCallAttemptTimeout(attempt))
        .build();
  }
}
