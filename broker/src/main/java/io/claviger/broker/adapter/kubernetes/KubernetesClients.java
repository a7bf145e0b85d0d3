package io.claviger.broker.adapter.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.vertx5.Vertx5HttpClientFactory;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Clients of API servers, each as the service account whose token is in a file. */
public final class KubernetesClients {

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration REQUEST = Duration.ofSeconds(5);

  private KubernetesClients() {}

  /**
   * A client on this Vert.x; whoever asks for it closes it. Nothing is read from the environment or
   * from a kubeconfig, and no request is repeated by itself: who asks decides.
   *
   * @param tokenFile read again for each request: the kubelet rotates it
   * @param ca authorities that sign the API server's certificate, PEM
   */
  public static KubernetesClient open(Vertx vertx, URI url, Path tokenFile, Path ca) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(url.toString())
            .withOauthTokenProvider(() -> token(tokenFile))
            .withCaCertFile(ca.toString())
            .withConnectionTimeout((int) CONNECT.toMillis())
            .withRequestTimeout((int) REQUEST.toMillis())
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientFactory(new Vertx5HttpClientFactory(vertx))
        .build();
  }

  /** As it is in its file now; some hundred bytes in memory or on tmpfs. */
  private static String token(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the broker's own token cannot be read: " + file, e);
    }
  }
}
