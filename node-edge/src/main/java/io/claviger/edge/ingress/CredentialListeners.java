package io.claviger.edge.ingress;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.config.load.Shares;
import io.claviger.edge.telemetry.EdgeMeters;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

/**
 * The listeners on all addresses for pods. Each binds independently. All stop together, without a
 * gap for requests that arrive meanwhile.
 */
public final class CredentialListeners {

  private static final Duration BIND_AGAIN = Duration.ofSeconds(5);

  private final IngressVertx ingress;
  private final Vertx vertx;
  private final CredentialRoute route;
  private final Shares connectionLimits;
  private final IngressTimes times;
  private final EdgeMeters meters;
  private final List<Binding> bindings = new ArrayList<>();
  private final Queue<String> deployments = new ConcurrentLinkedQueue<>();

  /**
   * Listens nowhere until {@link #start()}.
   *
   * @param addresses to listen on
   * @param random between 0 and 1, for jitter
   */
  public CredentialListeners(
      IngressVertx ingress,
      Collection<HostPort> addresses,
      CredentialRoute route,
      IngressLimits limits,
      IngressTimes times,
      DoubleSupplier random,
      EdgeMeters meters) {
    this.ingress = ingress;
    this.vertx = ingress.vertx();
    this.route = route;
    this.connectionLimits = limits.connections();
    this.times = times;
    this.meters = meters;
    int systemsChoice = 0;
    for (HostPort address : addresses) {
      // Vert.x: instances with the same negative port share one port that the system chooses.
      int port = address.port() == 0 ? --systemsChoice : address.port();
      bindings.add(
          new Binding(
              vertx,
              address,
              "credentials",
              () -> deploy(address.host(), port),
              BIND_AGAIN,
              random,
              meters));
    }
  }

  private Future<Integer> deploy(String host, int port) {
    AtomicInteger actual = new AtomicInteger();
    return vertx
        .deployVerticle(
            () ->
                new ListenerVerticle(
                    host,
                    port,
                    ingress.sharesPorts(),
                    route,
                    new ClientConnections(connectionLimits, route.connections(), meters),
                    times,
                    actual::set),
            new DeploymentOptions().setInstances(IngressVertx.EVENT_LOOPS))
        .onSuccess(deployments::add)
        .map(id -> actual.get());
  }

  /** Begins to listen; completed when each address was tried once. */
  public Future<Void> start() {
    return Future.join(bindings.stream().map(Binding::start).toList()).mapEmpty();
  }

  /** Returns the listening ports, in the order of the addresses; 0 where there is none yet. */
  public List<Integer> ports() {
    return bindings.stream().map(Binding::port).toList();
  }

  /** Returns on how many addresses it listens. */
  public int listening() {
    return (int) ports().stream().filter(port -> port != 0).count();
  }

  /**
   * Stops the listeners. After the pause, when all that they had accepted has been read, closes
   * each connection after its request. Closing both at once would reset accepted connections that
   * were not read yet.
   *
   * @param pause between the two
   */
  public Future<Void> stop(Duration pause) {
    bindings.forEach(Binding::stop);
    route.drain();
    ingress.closeListeners();
    Promise<Void> paused = Promise.promise();
    vertx.setTimer(Math.max(1, pause.toMillis()), timer -> paused.complete());
    return paused.future().compose(nothing -> undeploy());
  }

  private Future<Void> undeploy() {
    return Future.join(deployments.stream().map(vertx::undeploy).toList()).mapEmpty();
  }
}
