package io.claviger.broker.app;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.adapter.kubernetes.ClusterApi;
import io.claviger.broker.adapter.kubernetes.PodWatch;
import io.claviger.broker.adapter.kubernetes.PodsApi;
import io.claviger.broker.association.AssociationListener;
import io.claviger.broker.association.Associations;
import io.claviger.broker.audit.PodNotices;
import io.claviger.broker.audit.UninjectedPods;
import io.claviger.broker.identity.KnownPods;
import io.claviger.broker.identity.PodChecks;
import io.claviger.broker.telemetry.PodMeters;
import io.claviger.broker.telemetry.TokenMeters;
import io.claviger.config.settings.SettingsException;
import io.claviger.schemas.bus.PodPolicy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The API servers of the clusters that have {@code kubernetes} set, with what the broker reads from
 * and writes to them.
 */
final class ApiServers implements AutoCloseable {

  private final Vertx vertx;
  private final String broker;
  private final Associations associations;
  private final TokenMeters meters;
  private final PodMeters podMeters;
  private final List<ClusterApi> open = new ArrayList<>();
  private final Map<String, PodChecks> checks = new HashMap<>();
  private final Map<String, PodChecks> edgeChecks = new HashMap<>();
  private final Map<String, KnownPods> pods = new HashMap<>();
  private final List<PodWatch> watches = new ArrayList<>();
  private final Map<String, ClusterApi.Notices> notices = new HashMap<>();

  /** Creates the clients of the API servers; sends no request yet. */
  ApiServers(
      Vertx vertx,
      BrokerSettings settings,
      Associations associations,
      TokenMeters meters,
      PodMeters podMeters) {
    this.vertx = vertx;
    this.associations = associations;
    this.broker = settings.name();
    this.meters = meters;
    this.podMeters = podMeters;
    for (BrokerSettings.Cluster cluster : settings.clusters()) {
      cluster.kubernetes().ifPresent(kubernetes -> open(cluster.name(), kubernetes));
    }
  }

  private void open(String cluster, KubernetesSettings settings) {
    PodChecks.Rules rules = rules(cluster, settings);
    ClusterApi api =
        ClusterApi.open(vertx, cluster, settings.url(), settings.tokenFile(), settings.ca());
    open.add(api);
    KnownPods known = new KnownPods(Ticker.systemTicker());
    if (rules.policy() != PodPolicy.OFF) {
      pods.put(cluster, known);
      watches.add(
          new PodWatch(
              cluster,
              PodsApi.of(vertx, settings.url(), settings.tokenFile(), settings.ca()),
              known,
              () -> ThreadLocalRandom.current().nextDouble(),
              podMeters));
    }
    checks.put(cluster, checks(rules, api, known));
    edgeChecks.put(cluster, checks(rules, api, known));
    if (settings.podEvents()) {
      notices.put(
          cluster,
          api.notices(broker, associations, InstantSource.system(), Ticker.systemTicker(), meters));
    }
  }

  private PodChecks checks(PodChecks.Rules rules, ClusterApi api, KnownPods known) {
    return new PodChecks(
        rules,
        api.reviews(),
        api.nodes(),
        known,
        (delay, task) -> vertx.setTimer(delay.toMillis(), timer -> task.run()),
        Ticker.systemTicker(),
        meters);
  }

  private static PodChecks.Rules rules(String cluster, KubernetesSettings settings) {
    try {
      return new PodChecks.Rules(
          cluster,
          policy(settings.tokenReview()),
          settings.reviewsPerSecond(),
          settings.allowPodsWithoutNode());
    } catch (IllegalArgumentException e) {
      throw new SettingsException("cluster " + cluster + ": kubernetes: " + e.getMessage());
    }
  }

  private static PodPolicy policy(String text) {
    return Arrays.stream(PodPolicy.values())
        .filter(policy -> policy.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("not required, preferred or off: '" + text + "'"));
  }

  /** Returns the checks of pods' tokens, by cluster. */
  Map<String, PodChecks> checks() {
    return Map.copyOf(checks);
  }

  /**
   * Returns the checks of edges' own tokens. They have a quota of their own, of the same size, so
   * that pods' tokens cannot block edges.
   */
  Map<String, PodChecks> edgeChecks() {
    return Map.copyOf(edgeChecks);
  }

  /** Returns the pods of the clusters that are watched. */
  Map<String, KnownPods> pods() {
    return Map.copyOf(pods);
  }

  /** Starts to watch pods; waits for no API server. */
  Future<?> watch() {
    return Future.all(watches.stream().map(vertx::deployVerticle).toList());
  }

  /** Returns the writer of Events on pods whose request is refused. */
  PodNotices notices() {
    List<PodNotices> all = notices.values().stream().map(ClusterApi.Notices::refused).toList();
    return (pod, reason, message) -> all.forEach(each -> each.refused(pod, reason, message));
  }

  /** Returns the writer of Events on a cluster's uninjected pods. */
  UninjectedPods uninjected(String cluster) {
    ClusterApi.Notices reported = notices.get(cluster);
    return reported == null ? UninjectedPods.NONE : reported.uninjected();
  }

  /** Returns the listeners to register at the table of associations. */
  List<AssociationListener> listeners() {
    return notices.values().stream().map(ClusterApi.Notices::changes).toList();
  }

  @Override
  public void close() {
    open.forEach(ClusterApi::close);
  }
}
