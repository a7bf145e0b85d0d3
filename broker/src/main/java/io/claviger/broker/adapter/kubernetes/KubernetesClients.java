package io.claviger.broker.adapter.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.vertx5.Vertx5HttpClientFactory;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Clients of API servers, each as the service account whose token is in a file. */
public final class KubernetesClients {

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration REQUEST = Duration.ofSeconds(5);

  /**
   * No pod waits longer for a call. A connection is looked at each time when it has brought nothing
   * for so long, and given up if a call is under way on it, also one that has just been sent:
   * {@link ApiCalls} sends it again on another one.
   */
  private static final Duration SILENCE = Duration.ofSeconds(2);

  /**
   * Of HTTP/2. Not one, which would have all calls wait for each other where it turns out that the
   * API server speaks HTTP/1.1; not many, whose handshakes would be made all at once at the start.
   */
  private static final int CONNECTIONS = 4;

  private KubernetesClients() {}

  /**
   * A client on this Vert.x; whoever asks for it closes it. Nothing is read from the environment or
   * from a kubeconfig, and no request is repeated by itself: who asks decides.
   *
   * @param tokenFile read again for each request: the kubelet rotates it
   * @param ca authorities that sign the API server's certificate, PEM
   */
  public static KubernetesClient open(Vertx vertx, URI url, Path tokenFile, Path ca) {
    return open(new Vertx5HttpClientFactory(vertx), url, tokenFile, ca);
  }

  /**
   * The same for single calls and no watches: they share four connections of HTTP/2, where the API
   * server speaks it. Of HTTP/1.1 each call that waits needs one of its own, and where many pods
   * start at once their handshakes take longer than the calls may.
   */
  public static KubernetesClient openForCalls(Vertx vertx, URI url, Path tokenFile, Path ca) {
    return open(new FewConnections(vertx), url, tokenFile, ca);
  }

  private static KubernetesClient open(HttpClient.Factory http, URI url, Path tokenFile, Path ca) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(url.toString())
            .withOauthTokenProvider(() -> token(tokenFile))
            .withCaCertFile(ca.toString())
            .withConnectionTimeout((int) CONNECT.toMillis())
            .withRequestTimeout((int) REQUEST.toMillis())
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder().withConfig(config).withHttpClientFactory(http).build();
  }

  private static final class FewConnections extends Vertx5HttpClientFactory {
    FewConnections(Vertx vertx) {
      super(vertx);
    }

    @Override
    protected void additionalConfig(
        WebClientOptions calls, WebSocketClientOptions webSockets, PoolOptions pool) {
      calls
          .setProtocolVersion(HttpVersion.HTTP_2)
          .setUseAlpn(true)
          .setIdleTimeoutUnit(TimeUnit.SECONDS)
          .setReadIdleTimeout((int) SILENCE.toSeconds());
      pool.setHttp2MaxSize(CONNECTIONS);
    }
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
