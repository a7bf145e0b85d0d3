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
   * No pod waits longer for a call. Each time a connection has been silent for this long, it is
   * checked. It is closed if a call is in progress on it, even one just sent: {@link ApiCalls}
   * sends it again on another connection.
   */
  private static final Duration SILENCE = Duration.ofSeconds(2);

  /**
   * The number of HTTP/2 connections. With one, all calls would wait for each other if the API
   * server supports only HTTP/1.1. With many, all their handshakes would run at once at the start.
   */
  private static final int CONNECTIONS = 4;

  private KubernetesClients() {}

  /**
   * Creates a client on this Vert.x; the caller closes it. The client reads nothing from the
   * environment or from a kubeconfig, and repeats no request by itself: the caller decides.
   *
   * @param tokenFile read again for each request: the kubelet rotates it
   * @param ca authorities that sign the API server's certificate, PEM
   */
  public static KubernetesClient open(Vertx vertx, URI url, Path tokenFile, Path ca) {
    return open(new Vertx5HttpClientFactory(vertx), url, tokenFile, ca);
  }

  /**
   * Creates a client for single calls and no watches: they share four HTTP/2 connections, if the
   * API server supports HTTP/2. With HTTP/1.1 each concurrent call needs its own connection. If
   * many pods start at once, those handshakes take longer than the calls may.
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

  /** Reads the current token; a few hundred bytes in memory or on tmpfs. */
  private static String token(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the broker's own token cannot be read: " + file, e);
    }
  }
}
