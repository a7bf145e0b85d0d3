package io.claviger.broker.app;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.association.ClusterRules;
import io.claviger.broker.identity.IssuerKeys;
import io.claviger.broker.identity.RegisteredCluster;
import io.claviger.broker.ingress.api.ClusterDescription;
import io.claviger.broker.issuance.ClusterProfile;
import io.claviger.config.settings.SettingsException;
import io.claviger.schemas.association.TagScope;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Converts the settings of clusters for each package. */
record RegisteredClusters(List<BrokerSettings.Cluster> settings) {

  RegisteredClusters {
    settings = List.copyOf(settings);
    if (settings.isEmpty()) {
      throw new SettingsException("claviger.broker.clusters is empty: register at least one");
    }
  }

  /** Returns the profiles for issuance, by the cluster's name. */
  Map<String, ClusterProfile> profiles() {
    return byName(
        cluster ->
            new ClusterProfile(
                cluster.name(),
                cluster.arn(),
                cluster.account(),
                cluster.region(),
                TagScope.of(cluster.tagScope())));
  }

  /** Returns the descriptions for the API. */
  List<ClusterDescription> descriptions() {
    return settings.stream()
        .map(
            cluster ->
                new ClusterDescription(
                    cluster.name(),
                    cluster.arn(),
                    cluster.issuer(),
                    cluster
                        .kubernetes()
                        .map(KubernetesSettings::url)
                        .filter(RegisteredClusters::isKnownOutside)
                        .orElse(null)))
        .toList();
  }

  /** If the API server is a Service, only pods of the cluster can resolve its name. */
  private static boolean isKnownOutside(URI apiServer) {
    return !String.valueOf(apiServer.getHost()).startsWith("kubernetes.default");
  }

  /** Returns the rules for the log's writer, by the cluster's name. */
  Map<String, ClusterRules> rules() {
    return byName(
        cluster ->
            new ClusterRules(
                cluster.name(),
                cluster.account(),
                cluster.rolesOfOtherAccounts(),
                cluster.maxAssociations()));
  }

  /** Returns the issuers' keys, each with the interval of its fetches. */
  Map<IssuerKeys, Duration> issuers(Vertx vertx) {
    Map<IssuerKeys, Duration> issuers = new LinkedHashMap<>();
    for (BrokerSettings.Cluster cluster : settings) {
      IssuerKeys keys =
          new IssuerKeys(
              registered(cluster),
              KeySources.of(vertx, cluster),
              InstantSource.system(),
              Ticker.systemTicker());
      issuers.put(keys, cluster.jwks().refresh());
    }
    return issuers;
  }

  private static RegisteredCluster registered(BrokerSettings.Cluster cluster) {
    return new RegisteredCluster(
        cluster.name(),
        cluster.issuer(),
        cluster.audience(),
        cluster.edgeAudience(),
        Set.copyOf(cluster.edgeServiceAccounts()));
  }

  private <T> Map<String, T> byName(Function<BrokerSettings.Cluster, T> part) {
    return settings.stream().collect(Collectors.toMap(BrokerSettings.Cluster::name, part));
  }
}
