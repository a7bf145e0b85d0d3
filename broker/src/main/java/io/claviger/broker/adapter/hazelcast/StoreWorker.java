package io.claviger.broker.adapter.hazelcast;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only thread that writes to the map. A write waits for every member, even a hanging one, until
 * that member is removed. Tasks run in the order of submission; if {@value #MAX_PENDING} wait, more
 * are rejected.
 */
final class StoreWorker implements AutoCloseable {

  static final int MAX_PENDING = 1_024;
  static final String THREAD = "claviger-store";

  private static final Logger LOG = LoggerFactory.getLogger(StoreWorker.class);

  private final Semaphore room = new Semaphore(MAX_PENDING);
  private final Set<Write> pending = ConcurrentHashMap.newKeySet();
  private final List<ScheduledFuture<?>> repeated = new CopyOnWriteArrayList<>();
  private final ScheduledThreadPoolExecutor thread;

  StoreWorker() {
    thread =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().name(THREAD).daemon().unstarted(task));
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Runs a task; fails if too many wait, or if the task fails. */
  CompletableFuture<Void> submit(Runnable task) {
    if (!room.tryAcquire()) {
      return CompletableFuture.failedFuture(
          new RejectedExecutionException("too many writes are waiting"));
    }
    Write write = new Write(task);
    pending.add(write);
    try {
      thread.execute(write);
    } catch (RejectedExecutionException e) {
      write.end(e);
    }
    return write.done;
  }

  /** Runs a task repeatedly, also after it has thrown. */
  void repeat(Runnable task, Duration first, Duration pause) {
    repeated.add(
        thread.scheduleWithFixedDelay(
            () -> guarded(task), first.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS));
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("maintenance of the map of sessions failed unexpectedly");
    }
  }

  /** Stops the thread; waiting tasks fail. */
  @Override
  public void close() {
    repeated.forEach(task -> task.cancel(false));
    thread.shutdownNow();
    pending.forEach(write -> write.end(new RejectedExecutionException("closed")));
  }

  private final class Write implements Runnable {

    private final Runnable task;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    Write(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      try {
        task.run();
        end(null);
      } catch (Throwable failure) {
        end(failure);
      }
    }

    private void end(@Nullable Throwable failure) {
      if (pending.remove(this)) {
        room.release();
        if (failure == null) {
          done.complete(null);
        } else {
          done.completeExceptionally(failure);
        }
      }
    }
  }
}
