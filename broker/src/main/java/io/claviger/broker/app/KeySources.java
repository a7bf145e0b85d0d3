package io.claviger.broker.app;

import io.claviger.broker.adapter.oidc.DiscoveredKeySource;
import io.claviger.broker.adapter.oidc.FileKeySource;
import io.claviger.broker.adapter.oidc.HttpKeySource;
import io.claviger.broker.adapter.oidc.KeyServer;
import io.claviger.broker.identity.KeySource;
import io.claviger.config.settings.SettingsException;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.Optional;
import java.util.stream.Stream;

/** Selects the key source of a registered cluster's issuer by its settings. */
final class KeySources {

  private static final String JWKS = "/openid/v1/jwks";

  private KeySources() {}

  /**
   * Returns the source.
   *
   * @throws SettingsException naming the cluster and what to set
   */
  static KeySource of(Vertx vertx, BrokerSettings.Cluster cluster) {
    JwksSettings jwks = cluster.jwks();
    long chosen =
        Stream.of(jwks.url().isPresent(), jwks.file().isPresent(), jwks.discover())
            .filter(Boolean::booleanValue)
            .count();
    require(chosen <= 1, cluster, "set one of jwks.url, jwks.file and jwks.discover, not several");
    boolean apiServer = chosen == 0 && cluster.kubernetes().isPresent();
    require(
        !(jwks.file().isPresent() || apiServer)
            || (jwks.ca().isEmpty() && jwks.tokenFile().isEmpty()),
        cluster,
        "jwks.ca and jwks.token-file are for jwks.url and jwks.discover");
    try {
      return of(vertx, cluster, jwks);
    } catch (IllegalArgumentException e) {
      throw new SettingsException("cluster " + cluster.name() + ": jwks: " + e.getMessage());
    }
  }

  private static KeySource of(Vertx vertx, BrokerSettings.Cluster cluster, JwksSettings jwks) {
    if (jwks.file().isPresent()) {
      return new FileKeySource(vertx, jwks.file().get());
    }
    if (jwks.url().isPresent()) {
      return new HttpKeySource(vertx, new KeyServer(jwks.url().get(), jwks.ca(), jwks.tokenFile()));
    }
    if (!jwks.discover() && cluster.kubernetes().isPresent()) {
      return new HttpKeySource(vertx, apiServer(cluster.kubernetes().get()));
    }
    require(
        cluster.issuer().startsWith("https://"),
        cluster,
        "its issuer's keys have no source: set kubernetes, jwks.url or jwks.file, because the"
            + " issuer is not an https URL");
    return new DiscoveredKeySource(
        vertx,
        cluster.issuer(),
        new KeyServer(URI.create(cluster.issuer()), jwks.ca(), jwks.tokenFile()));
  }

  private static KeyServer apiServer(KubernetesSettings kubernetes) {
    return new KeyServer(
        URI.create(kubernetes.url().toString().replaceFirst("/$", "") + JWKS),
        Optional.of(kubernetes.ca()),
        Optional.of(kubernetes.tokenFile()));
  }

  private static void require(boolean right, BrokerSettings.Cluster cluster, String message) {
    if (!right) {
      throw new SettingsException("cluster " + cluster.name() + ": " + message);
    }
  }
}
