package io.claviger.broker.adapter.kubernetes;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.association.AssociationListener;
import io.claviger.broker.association.Associations;
import io.claviger.broker.audit.PodNotices;
import io.claviger.broker.audit.UninjectedPods;
import io.claviger.broker.identity.PodNodes;
import io.claviger.broker.identity.TokenReviews;
import io.claviger.broker.telemetry.TokenMeters;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;

/** One cluster's API server, as the other packages use it. */
public final class ClusterApi implements AutoCloseable {

  private final Vertx vertx;
  private final String cluster;
  private final KubernetesClient client;

  private ClusterApi(Vertx vertx, String cluster, KubernetesClient client) {
    this.vertx = vertx;
    this.cluster = cluster;
    this.client = client;
  }

  /**
   * Creates a client; sends no request yet.
   *
   * @param cluster its registered name
   * @see KubernetesClients#openForCalls
   */
  public static ClusterApi open(Vertx vertx, String cluster, URI url, Path tokenFile, Path ca) {
    return new ClusterApi(
        vertx, cluster, KubernetesClients.openForCalls(vertx, url, tokenFile, ca));
  }

  /** Returns its token reviews. */
  public TokenReviews reviews() {
    return new KubernetesTokenReviews(vertx, client, cluster);
  }

  /** Returns the look-up of pods' nodes. */
  public PodNodes nodes() {
    return new KubernetesPodNodes(vertx, client);
  }

  /**
   * The writers of Events on pods: for refusals and for pods created before their association. The
   * listener receives changes of associations.
   */
  public record Notices(
      PodNotices refused, UninjectedPods uninjected, AssociationListener changes) {}

  /**
   * Creates the writers of Events.
   *
   * @param broker this broker's name
   */
  public Notices notices(
      String broker,
      Associations associations,
      InstantSource clock,
      Ticker ticker,
      TokenMeters meters) {
    PodEvents events = new PodEvents(vertx, client, cluster, broker, clock, ticker, meters);
    UninjectedPodEvents uninjected =
        new UninjectedPodEvents(vertx, client, events, associations, clock, ticker);
    return new Notices(events, uninjected, uninjected);
  }

  @Override
  public void close() {
    client.close();
  }
}
