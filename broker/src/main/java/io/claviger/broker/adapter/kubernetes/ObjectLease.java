package io.claviger.broker.adapter.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectorBuilder;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Which broker acts on a cluster's objects: the holder of the Lease {@value #NAME}. It spares work,
 * it is no fence: what two brokers ask at once is decided by the log's writer.
 */
final class ObjectLease implements AutoCloseable {

  /** The Lease's name. */
  static final String NAME = "claviger-objects";

  /** Long enough for a broker that reaches the right cluster to take the Lease, and keep it. */
  private static final int LEASES_STOOD_DOWN = 4;

  private final KubernetesClient client;
  private final ObjectOptions options;
  private final ScheduledExecutorService thread;
  private final Runnable begin;
  private final Runnable end;
  private final Set<String> failing = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private volatile Duration pause;
  private volatile @Nullable CompletableFuture<?> election;

  /**
   * Not a candidate yet.
   *
   * @param thread on which the API server is asked; may be blocked
   * @param begin is run when this broker becomes the holder
   * @param end is run when it may be it no more; also when it has not been
   */
  ObjectLease(
      KubernetesClient client,
      ObjectOptions options,
      ScheduledExecutorService thread,
      Runnable begin,
      Runnable end) {
    this.client = client;
    this.options = options;
    this.thread = thread;
    this.begin = begin;
    this.end = end;
    this.pause = options.lease().retry();
  }

  /** Becomes a candidate, for as long as this is not closed. */
  void start() {
    if (closed) {
      return;
    }
    AtomicBoolean over = new AtomicBoolean();
    Runnable lost =
        () -> {
          if (over.compareAndSet(false, true)) {
            end.run();
            again();
          }
        };
    CompletableFuture<?> started = elector(lost).start();
    election = started;
    // An elector that cannot read the Lease while it gives up never completes: the callback tells.
    started.whenComplete((done, failure) -> lost.run());
    if (closed) {
      started.cancel(true);
    }
  }

  private LeaderElector elector(Runnable lost) {
    return new LeaderElectorBuilder(client, thread)
        .withConfig(
            new LeaderElectionConfigBuilder()
                .withName(NAME)
                .withLock(new ReportedLease(options, failing))
                .withLeaseDuration(options.lease().duration())
                .withRenewDeadline(options.lease().renewal())
                .withRetryPeriod(options.lease().retry())
                .withReleaseOnCancel(true)
                .withLeaderCallbacks(new LeaderCallbacks(begin, lost, holder -> {}))
                .build())
        .build();
  }

  private void again() {
    if (!closed) {
      thread.schedule(this::start, pause.toMillis(), TimeUnit.MILLISECONDS);
      pause = options.lease().retry();
    }
  }

  /**
   * Gives the Lease back, and is no candidate for a while: another broker may be one that reaches
   * the right cluster, and this one's settings may be wrong.
   */
  void standDown() {
    CompletableFuture<?> current = election;
    if (current != null) {
      pause = options.lease().duration().multipliedBy(LEASES_STOOD_DOWN);
      thread.execute(() -> current.cancel(true));
    }
  }

  /** Gives the Lease back, so that another broker need not wait for its end; blocks. */
  @Override
  public void close() {
    closed = true;
    CompletableFuture<?> current = election;
    if (current != null) {
      current.cancel(true);
    }
  }
}
