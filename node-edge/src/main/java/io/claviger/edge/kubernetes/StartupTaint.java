package io.claviger.edge.kubernetes;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A taint that nodes are born with, so that no pod starts where nobody would answer it: removed as
 * soon as this edge is ready, and never set again. Tried for as long as it takes.
 *
 * <p>What brokers need to start (DNS, Kafka) are pods too, and in a new cluster all nodes have the
 * taint. So an edge that has not reached a broker for a while removes it all the same and says so
 * in an Event: pods that start without credentials are a smaller harm than a cluster in which none
 * starts.
 */
public final class StartupTaint {

  private static final Logger LOG = LoggerFactory.getLogger(StartupTaint.class);

  /**
   * When something is done.
   *
   * @param look how often readiness is looked at
   * @param again how long after a failure removing it is tried again
   * @param withoutBroker how long after the start it is removed although no broker was reached
   */
  public record Times(Duration look, Duration again, Duration withoutBroker) {}

  /** What is done to the node; each call is one try. */
  public interface Node {
    /** Removes the taint: whether it was there. */
    Future<Boolean> removeTaint();

    /** Writes an Event that says that the taint was removed without a broker. */
    Future<Void> reportRemovalWithoutBroker();
  }

  private final Vertx vertx;
  private final Context context;
  private final BooleanSupplier ready;
  private final BooleanSupplier brokerReached;
  private final Node node;
  private final Times times;
  private final LongSupplier nanoTime;
  private final long started;
  private boolean failing;

  /**
   * Does nothing until {@link #start()}.
   *
   * @param context where everything of it runs
   * @param ready whether pods would be answered; no I/O
   * @param brokerReached whether a broker has ever let this edge in; no I/O
   */
  public StartupTaint(
      Vertx vertx,
      Context context,
      BooleanSupplier ready,
      BooleanSupplier brokerReached,
      Node node,
      Times times,
      LongSupplier nanoTime) {
    this.vertx = vertx;
    this.context = context;
    this.ready = ready;
    this.brokerReached = brokerReached;
    this.node = node;
    this.times = times;
    this.nanoTime = nanoTime;
    this.started = nanoTime.getAsLong();
  }

  /** Starts to wait; ends with the removal, or with Vert.x. */
  public void start() {
    context.runOnContext(nothing -> look());
  }

  private void look() {
    if (ready.getAsBoolean()) {
      remove(StartupTaint::removed);
    } else if (!brokerReached.getAsBoolean()
        && nanoTime.getAsLong() - started >= times.withoutBroker().toNanos()) {
      remove(this::removedWithoutBroker);
    } else {
      vertx.setTimer(times.look().toMillis(), timer -> look());
    }
  }

  private void remove(Consumer<Boolean> then) {
    // Within a future: what it throws is a failure too, and tried again.
    Future.succeededFuture()
        .compose(nothing -> node.removeTaint())
        .onSuccess(then::accept)
        .onFailure(this::failed);
  }

  private static void removed(boolean wasThere) {
    if (wasThere) {
      LOG.atInfo().log("startup taint removed");
    }
  }

  private void removedWithoutBroker(boolean wasThere) {
    if (!wasThere) {
      return;
    }
    LOG.atWarn()
        .addKeyValue("after", times.withoutBroker())
        .log("no broker reached, startup taint removed: pods may start before credentials");
    Future.succeededFuture()
        .compose(nothing -> node.reportRemovalWithoutBroker())
        .onFailure(
            failure ->
                LOG.atWarn()
                    .addKeyValue("reason", failure.toString())
                    .log("the Event about the startup taint cannot be written"));
  }

  private void failed(Throwable cause) {
    (failing ? LOG.atDebug() : LOG.atWarn())
        .addKeyValue("reason", cause.toString())
        .log("the startup taint cannot be removed, trying on");
    failing = true;
    // By then the edge may be ready.
    vertx.setTimer(times.again().toMillis(), timer -> look());
  }
}
