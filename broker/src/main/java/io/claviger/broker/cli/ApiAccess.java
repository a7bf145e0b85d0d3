package io.claviger.broker.cli;

import io.claviger.schemas.Check;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eks.EksClient;

/**
 * The endpoint and the credentials of the association API.
 *
 * @param endpoint an http or https URL of the brokers
 * @param cluster the registered name of the Kubernetes cluster
 * @param region the Region that requests are signed for
 * @param caBundle PEM certificates to trust instead of the JDK's
 * @param credentials an access key that is registered with the brokers
 */
public record ApiAccess(
    URI endpoint,
    String cluster,
    String region,
    Optional<Path> caBundle,
    AwsCredentialsProvider credentials) {

  private static final Duration CONNECTING = Duration.ofSeconds(5);
  private static final Duration ATTEMPT = Duration.ofSeconds(15);
  private static final Duration SILENCE = Duration.ofSeconds(45);
  private static final Duration CALL = Duration.ofMinutes(1);

  public ApiAccess {
    Check.present(endpoint, "endpoint");
    Check.text(cluster, "cluster");
    Check.text(region, "region");
    Check.present(caBundle, "caBundle");
    Check.present(credentials, "credentials");
    String scheme = endpoint.getScheme();
    if (endpoint.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "--endpoint-url must be an http or https URL with a host, not " + endpoint);
    }
  }

  /**
   * Returns a client of EKS's operations. It sends nothing yet.
   *
   * @throws IllegalArgumentException when the CA bundle cannot be used
   */
  public AssociationsApi connect() {
    return new AssociationsApi(client(), cluster);
  }

  /**
   * Returns a client of the API's extensions to EKS. It sends nothing yet.
   *
   * @throws IllegalArgumentException when the CA bundle cannot be used
   */
  public ExtensionsApi connectToExtensions() {
    return new ExtensionsApi(new SignedHttp(this, http().build()), this);
  }

  /** Returns a client for watches. A broker writes to a watch at least every 15 s. */
  SignedHttp connectToWatch() {
    return new SignedHttp(this, http().socketTimeout(SILENCE).build());
  }

  private EksClient client() {
    return EksClient.builder()
        .endpointOverride(endpoint)
        .region(Region.of(region))
        .credentialsProvider(credentials)
        .httpClientBuilder(http())
        .overrideConfiguration(
            calls ->
                calls
                    .retryStrategy(RetryMode.STANDARD)
                    .apiCallAttemptTimeout(ATTEMPT)
                    .apiCallTimeout(CALL))
        .build();
  }

  private UrlConnectionHttpClient.Builder http() {
    UrlConnectionHttpClient.Builder http =
        UrlConnectionHttpClient.builder().connectionTimeout(CONNECTING).socketTimeout(ATTEMPT);
    caBundle.map(CaBundle::read).ifPresent(http::tlsTrustManagersProvider);
    return isThisMachine()
        ? http.proxyConfiguration(
            ProxyConfiguration.builder()
                .useSystemPropertyValues(false)
                .useEnvironmentVariablesValues(false)
                .build())
        : http;
  }

  /** Requests to loopback bypass the proxy: for a proxy, loopback is its own machine. */
  private boolean isThisMachine() {
    try {
      return InetAddress.getByName(endpoint.getHost()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
