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
 * Selects the broker that acts on a cluster's objects: the holder of the Lease {@value #NAME}. The
 * Lease saves work and is no fence: the log's writer decides commands of two brokers.
 */
final class ObjectLease implements AutoCloseable {

  /** The Lease's name. */
  static final String NAME = "claviger-objects";

  /** Long enough for a broker with the right cluster to take the Lease and keep it. */
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
   * Creates a Lease without a candidate.
   *
   * @param thread runs requests to the API server; may be blocked
   * @param begin runs when this broker becomes the holder
   * @param end runs when this broker may no longer be the holder; also if it never was
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

  /** Becomes a candidate until it is closed. */
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
    // If an elector cannot read the Lease while it stops, its future never completes. The callback
    // then reports the end.
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
   * Releases the Lease and stands back for a while. This broker's settings may be wrong, and
   * another broker may reach the right cluster.
   */
  void standDown() {
    CompletableFuture<?> current = election;
    if (current != null) {
      pause = options.lease().duration().multipliedBy(LEASES_STOOD_DOWN);
      thread.execute(() -> current.cancel(true));
    }
  }

  /** Releases the Lease, so that another broker need not wait for its expiry; blocks. */
  @Override
  public void close() {
    closed = true;
    CompletableFuture<?> current = election;
    if (current != null) {
      current.cancel(true);
    }
  }
}
