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
 * A taint that new nodes have, so that no pod starts on a node without a ready edge. The edge
 * removes it as soon as it is ready, retries until that succeeds, and never sets it again.
 *
 * <p>The programs that brokers need to start (DNS, Kafka) run in pods too, and in a new cluster all
 * nodes have the taint. An edge that has reached no broker for a while therefore removes it anyway
 * and writes an Event. Pods that start without credentials do less harm than a cluster in which
 * none starts.
 */
public final class StartupTaint {

  private static final Logger LOG = LoggerFactory.getLogger(StartupTaint.class);

  /**
   * The times of the removal.
   *
   * @param look how often readiness is checked
   * @param again the pause between a failed removal and the retry
   * @param withoutBroker after this time since the start the taint is removed even if no broker was
   *     reached
   */
  public record Times(Duration look, Duration again, Duration withoutBroker) {}

  /** Changes the node; each call is one try. */
  public interface Node {
    /** Removes the taint; returns whether the node had it. */
    Future<Boolean> removeTaint();

    /** Writes an Event that the taint was removed without a broker. */
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
   * @param context on which everything runs
   * @param ready whether pods would be answered; no I/O
   * @param brokerReached whether this edge has ever logged in at a broker; no I/O
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

  /** Begins to wait; ends with the removal, or with Vert.x. */
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
    // Within a future, so that an exception is a failure and retried too.
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
        .log("no broker reached, startup taint removed: pods may start without credentials");
    Future.succeededFuture()
        .compose(nothing -> node.reportRemovalWithoutBroker())
        .onFailure(
            failure ->
                LOG.atWarn()
                    .addKeyValue("reason", failure.toString())
                    .log("cannot write the Event about the startup taint"));
  }

  private void failed(Throwable cause) {
    (failing ? LOG.atDebug() : LOG.atWarn())
        .addKeyValue("reason", cause.toString())
        .log("cannot remove the startup taint, will retry");
    failing = true;
    // The edge may be ready by then.
    vertx.setTimer(times.again().toMillis(), timer -> look());
  }
}
