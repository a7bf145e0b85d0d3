package io.claviger.edge.kubernetes;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A taint that nodes are born with, so that no pod starts where nobody would answer it: removed as
 * soon as this edge is ready, and never set again. Tried for as long as it takes.
 */
public final class StartupTaint {

  private static final Logger LOG = LoggerFactory.getLogger(StartupTaint.class);

  private final Vertx vertx;
  private final Context context;
  private final BooleanSupplier ready;
  private final Supplier<Future<Boolean>> removal;
  private final Duration look;
  private final Duration again;
  private boolean failing;

  /**
   * Does nothing until {@link #start()}.
   *
   * @param context where everything of it runs
   * @param ready whether pods would be answered; no I/O
   * @param removal one try: whether the taint was there
   * @param look how often readiness is looked at
   * @param again how long after a failure it is tried again
   */
  public StartupTaint(
      Vertx vertx,
      Context context,
      BooleanSupplier ready,
      Supplier<Future<Boolean>> removal,
      Duration look,
      Duration again) {
    this.vertx = vertx;
    this.context = context;
    this.ready = ready;
    this.removal = removal;
    this.look = look;
    this.again = again;
  }

  /** Starts to wait; ends with the removal, or with Vert.x. */
  public void start() {
    context.runOnContext(nothing -> look());
  }

  private void look() {
    if (ready.getAsBoolean()) {
      remove();
    } else {
      vertx.setTimer(look.toMillis(), timer -> look());
    }
  }

  private void remove() {
    // Within a future: what it throws is a failure too, and tried again.
    Future.succeededFuture()
        .compose(nothing -> removal.get())
        .onSuccess(StartupTaint::removed)
        .onFailure(this::failed);
  }

  private static void removed(boolean wasThere) {
    if (wasThere) {
      LOG.atInfo().log("startup taint removed");
    }
  }

  private void failed(Throwable cause) {
    (failing ? LOG.atDebug() : LOG.atWarn())
        .addKeyValue("reason", cause.toString())
        .log("the startup taint cannot be removed, trying on");
    failing = true;
    vertx.setTimer(again.toMillis(), timer -> remove());
  }
}
