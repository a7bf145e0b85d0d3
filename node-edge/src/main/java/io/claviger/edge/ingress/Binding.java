package io.claviger.edge.ingress;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.edge.telemetry.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds one address independently of the others. A failure is logged, counted and retried until it
 * succeeds, and stops nothing else. Thread-safe.
 */
public final class Binding {

  private static final Logger LOG = LoggerFactory.getLogger(Binding.class);

  private final Vertx vertx;
  private final HostPort address;
  private final String purpose;
  private final Supplier<Future<Integer>> bind;
  private final Duration pause;
  private final DoubleSupplier random;
  private final EdgeMeters meters;
  private volatile int port;
  private volatile boolean stopped;
  private boolean failing;

  /**
   * Binds nothing until {@link #start()}.
   *
   * @param purpose for the log
   * @param bind tries once and returns the port
   * @param pause between two tries, give or take a quarter
   * @param random between 0 and 1
   */
  public Binding(
      Vertx vertx,
      HostPort address,
      String purpose,
      Supplier<Future<Integer>> bind,
      Duration pause,
      DoubleSupplier random,
      EdgeMeters meters) {
    this.vertx = vertx;
    this.address = address;
    this.purpose = purpose;
    this.bind = bind;
    this.pause = pause;
    this.random = random;
    this.meters = meters;
  }

  /** Begins to bind; completed, never failed, after the first try. */
  public Future<Void> start() {
    if (stopped) {
      return Future.succeededFuture();
    }
    return bind.get()
        .onSuccess(this::bound)
        .onFailure(this::failed)
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  private void bound(int actual) {
    port = actual;
    LOG.atInfo()
        .addKeyValue("purpose", purpose)
        .addKeyValue("address", new HostPort(address.host(), actual))
        .log("listening");
  }

  private void failed(Throwable cause) {
    meters.count(Meters.LISTEN_FAILURES);
    if (!failing) {
      failing = true;
      LOG.atWarn()
          .addKeyValue("purpose", purpose)
          .addKeyValue("address", address)
          .addKeyValue("reason", cause.getMessage())
          .log("cannot listen on an address, will retry");
    }
    long wait = (long) (pause.toMillis() * (0.75 + random.getAsDouble() / 2));
    vertx.setTimer(Math.max(1, wait), timer -> start());
  }

  /** Stops retrying. */
  public void stop() {
    stopped = true;
  }

  /** Returns the bound port; 0 while there is none. */
  public int port() {
    return port;
  }
}
