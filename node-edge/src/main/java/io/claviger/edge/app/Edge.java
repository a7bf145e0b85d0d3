package io.claviger.edge.app;

import io.claviger.edge.ingress.CredentialListeners;
import io.claviger.edge.ingress.IngressVertx;
import io.claviger.edge.upstream.BrokerLinks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole node-edge, from start to end. */
public final class Edge {

  private static final Logger LOG = LoggerFactory.getLogger(Edge.class);

  /**
   * An edge that replaces another answers from its first request on, so it waits for a broker
   * before it listens; but pods are better answered 503 than refused a connection.
   */
  private static final Duration LISTEN_ANYWAY_AFTER = Duration.ofSeconds(5);

  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final EdgeSettings settings;
  private final Vertx vertx;
  private final BrokerLinks links;
  private final CredentialListeners listeners;
  private final Management management;

  Edge(
      EdgeSettings settings,
      Vertx vertx,
      BrokerLinks links,
      CredentialListeners listeners,
      Management management) {
    this.settings = settings;
    this.vertx = vertx;
    this.links = links;
    this.listeners = listeners;
    this.management = management;
  }

  /**
   * Wires an edge and starts it.
   *
   * @return completed when it listens wherever it can
   * @throws io.claviger.config.settings.SettingsException when the settings contradict each other
   */
  public static Future<Edge> start(EdgeSettings settings) {
    SettingsCheck.check(settings);
    Edge edge = EdgeWiring.wire(settings, IngressVertx.start(EdgeWiring.EVENT_LOOPS));
    return edge.begin().map(edge);
  }

  private Future<Void> begin() {
    links.start();
    return management
        .start()
        .compose(nothing -> loggedInOrLate())
        .compose(nothing -> listeners.start())
        .onSuccess(nothing -> logStart());
  }

  private Future<Void> loggedInOrLate() {
    Promise<Void> decided = Promise.promise();
    long late = System.nanoTime() + LISTEN_ANYWAY_AFTER.toNanos();
    vertx.setPeriodic(
        LOOK_EVERY.toMillis(),
        timer -> {
          if (links.everLoggedIn() || System.nanoTime() - late > 0) {
            vertx.cancelTimer(timer);
            decided.tryComplete();
          }
        });
    return decided.future();
  }

  private void logStart() {
    LOG.atInfo()
        .addKeyValue("node", settings.node())
        .addKeyValue("addresses", settings.listen())
        .addKeyValue("ports", ports())
        .addKeyValue("probes", management.probesPort())
        .addKeyValue("metrics", management.metricsPort())
        .addKeyValue("brokers", links.connections())
        .log("node-edge started");
  }

  /** The ports that pods can ask at, in the order of the settings; 0 where none is bound yet. */
  public List<Integer> ports() {
    return listeners.ports();
  }

  /** The port of the probes; 0 while it is not bound. */
  public int probesPort() {
    return management.probesPort();
  }

  /** The port of the metrics; 0 while it is not bound. */
  public int metricsPort() {
    return management.metricsPort();
  }

  /** Ends without a gap: another edge that listens on the same addresses takes over meanwhile. */
  public Future<Void> stop() {
    LOG.atInfo().addKeyValue("node", settings.node()).log("node-edge stops");
    return listeners
        .stop(settings.handoverPause())
        .eventually(links::stop)
        .eventually(management::stop)
        .eventually(vertx::close);
  }
}
