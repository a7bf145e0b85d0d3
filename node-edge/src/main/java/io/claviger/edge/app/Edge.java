package io.claviger.edge.app;

import io.claviger.config.lifecycle.WarmUp;
import io.claviger.edge.ingress.CredentialListeners;
import io.claviger.edge.upstream.BrokerLinks;
import io.claviger.edge.upstream.EventSender;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole node-edge, from start to stop. */
public final class Edge {

  private static final Logger LOG = LoggerFactory.getLogger(Edge.class);

  /**
   * How long an edge waits before it listens: for a login at a broker and for its warm-up, because
   * it must answer from its first request on. If no other edge listens, it listens after this time
   * anyway: pods are better served with a 503 than refused a connection.
   */
  private static final Duration LISTEN_ANYWAY_AFTER = Duration.ofSeconds(5);

  /** The other edge may stop at any time, and then no edge listens. */
  private static final Duration LOOK_FOR_ANOTHER_EVERY = Duration.ofMillis(250);

  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final EdgeSettings settings;
  private final Vertx vertx;
  private final WarmUp warmUp;
  private final Upstream upstream;
  private final Predecessor predecessor;
  private final CredentialListeners listeners;
  private final Management management;
  private volatile boolean waits;
  private volatile boolean stops;

  /** The part that talks to brokers, on its own event loops. */
  record Upstream(Vertx vertx, BrokerLinks links, EventSender events) {

    private void start() {
      links.start();
      events.start();
    }

    private Future<Void> stop(Duration drain) {
      return events.flush(drain).eventually(links::stop);
    }
  }

  Edge(
      EdgeSettings settings,
      Vertx vertx,
      WarmUp warmUp,
      Upstream upstream,
      Predecessor predecessor,
      CredentialListeners listeners,
      Management management) {
    this.settings = settings;
    this.vertx = vertx;
    this.warmUp = warmUp;
    this.upstream = upstream;
    this.predecessor = predecessor;
    this.listeners = listeners;
    this.management = management;
  }

  /**
   * Wires an edge and starts it.
   *
   * @return completed when it listens on every address that it can bind, or leaves them to another
   *     edge that does
   * @throws io.claviger.config.settings.SettingsException if the settings contradict each other
   */
  public static Future<Edge> start(EdgeSettings settings) {
    return start(settings, vertx -> EdgeWarmUp.warmUp(settings, vertx));
  }

  static Future<Edge> start(EdgeSettings settings, Function<Vertx, WarmUp> warmUp) {
    SettingsCheck.check(settings);
    Edge edge = EdgeWiring.wire(settings, warmUp);
    return edge.begin().map(edge);
  }

  private Future<Void> begin() {
    warmUp.start();
    upstream.start();
    return management.start().compose(nothing -> listenInTurn());
  }

  private Future<Void> listenInTurn() {
    return until(() -> isLoggedIn() && warmUp.over(), LISTEN_ANYWAY_AFTER)
        .compose(nothing -> listenUnlessBehind());
  }

  private Future<Void> listenUnlessBehind() {
    return (mayTakeOver() ? Future.succeededFuture(false) : predecessor.answers())
        .compose(others -> others ? waitBehind() : listen());
  }

  private boolean isLoggedIn() {
    return upstream.links().everLoggedIn();
  }

  /**
   * Whether it answers pods as well as another edge that listens here. On busy cores the warm-up
   * achieves little in the few seconds that pods can be left without an edge. An edge that replaces
   * another one has more time.
   */
  private boolean mayTakeOver() {
    return isLoggedIn() && warmUp.complete();
  }

  /** Completed when the condition holds, or the time has passed. */
  private Future<Void> until(BooleanSupplier so, Duration atMost) {
    Promise<Void> until = Promise.promise();
    long end = System.nanoTime() + atMost.toNanos();
    vertx.setPeriodic(
        LOOK_EVERY.toMillis(),
        timer -> {
          if (so.getAsBoolean() || System.nanoTime() - end > 0) {
            vertx.cancelTimer(timer);
            until.tryComplete();
          }
        });
    return until.future();
  }

  /** Leaves pods to the other edge and its cache; this one would be slow or unable to answer. */
  private Future<Void> waitBehind() {
    if (!waits) {
      waits = true;
      (isLoggedIn() ? LOG.atInfo() : LOG.atWarn())
          .addKeyValue("addresses", settings.listen())
          .addKeyValue("loggedIn", isLoggedIn())
          .log("another edge listens here: this one waits until it is warm and logged in");
    }
    until(this::mayTakeOver, LOOK_FOR_ANOTHER_EVERY).onSuccess(nothing -> listenUnlessBehind());
    return Future.succeededFuture();
  }

  private Future<Void> listen() {
    return stops ? Future.succeededFuture() : listeners.start().onSuccess(nothing -> logStart());
  }

  private void logStart() {
    LOG.atInfo()
        .addKeyValue("node", settings.node())
        .addKeyValue("addresses", settings.listen())
        .addKeyValue("ports", ports())
        .addKeyValue("probes", management.probesPort())
        .addKeyValue("metrics", management.metricsPort())
        .addKeyValue("brokers", upstream.links().connections())
        .log("node-edge started");
  }

  /** Returns the ports for pods, in the order of the settings; 0 where none is bound yet. */
  public List<Integer> ports() {
    return listeners.ports();
  }

  /** Returns the port of the probes; 0 while it is not bound. */
  public int probesPort() {
    return management.probesPort();
  }

  /** Returns the port of the metrics; 0 while it is not bound. */
  public int metricsPort() {
    return management.metricsPort();
  }

  /** Stops without a gap: another edge that listens on the same addresses takes over meanwhile. */
  public Future<Void> stop() {
    LOG.atInfo().addKeyValue("node", settings.node()).log("node-edge stops");
    stops = true;
    warmUp.stop();
    return listeners
        .stop(settings.handoverPause())
        .eventually(() -> upstream.stop(settings.drain()))
        .eventually(management::stop)
        .eventually(upstream.vertx()::close)
        .eventually(vertx::close);
  }
}
