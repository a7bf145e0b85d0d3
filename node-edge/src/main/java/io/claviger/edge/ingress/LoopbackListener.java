package io.claviger.edge.ingress;

import io.claviger.config.load.Shares;
import io.claviger.edge.telemetry.EdgeMeters;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Listens on loopback, at a port that the system chooses, for the edge's warm-up. Never shares a
 * port with the listeners that serve pods, or with another process.
 */
public final class LoopbackListener {

  private static final String LOOPBACK = "127.0.0.1";

  /**
   * Vert.x: the instances that name a negative port share one. {@link CredentialListeners} counts
   * down from -1.
   */
  private static final int SYSTEMS_CHOICE = Integer.MIN_VALUE;

  private final Vertx vertx;
  private final String deployment;
  private final int port;

  private LoopbackListener(Vertx vertx, String deployment, int port) {
    this.vertx = vertx;
    this.deployment = deployment;
    this.port = port;
  }

  /**
   * Listens.
   *
   * @param route separate from the one for pods
   * @param meters separate from the exported ones
   */
  public static Future<LoopbackListener> open(
      Vertx vertx,
      CredentialRoute route,
      IngressLimits limits,
      IngressTimes times,
      EdgeMeters meters) {
    Shares connections = limits.connections();
    AtomicInteger port = new AtomicInteger();
    return vertx
        .deployVerticle(
            () ->
                new ListenerVerticle(
                    LOOPBACK,
                    SYSTEMS_CHOICE,
                    false,
                    route,
                    new ClientConnections(connections, route.connections(), meters),
                    times,
                    port::set),
            new DeploymentOptions().setInstances(IngressVertx.EVENT_LOOPS))
        .map(deployment -> new LoopbackListener(vertx, deployment, port.get()));
  }

  /** Returns the port on which it listens. */
  public int port() {
    return port;
  }

  /** Stops listening. */
  public Future<Void> close() {
    return vertx.undeploy(deployment);
  }
}
