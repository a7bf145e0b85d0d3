package io.claviger.broker.adapter.hazelcast;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that writes to the map: a write waits for every member, a hung one included, until
 * it is removed. Tasks run in the order they came; more than {@value #MAX_PENDING} are refused.
 */
final class StoreWorker implements AutoCloseable {

  static final int MAX_PENDING = 1_024;

  private final Semaphore room = new Semaphore(MAX_PENDING);
  private final ScheduledThreadPoolExecutor thread;

  StoreWorker() {
    thread =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().name("claviger-store").daemon().unstarted(task));
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Runs a task; fails when there is no room, or as the task does. */
  CompletableFuture<Void> submit(Runnable task) {
    if (!room.tryAcquire()) {
      return CompletableFuture.failedFuture(new RejectedExecutionException("too many writes wait"));
    }
    try {
      return CompletableFuture.runAsync(task, thread)
          .whenComplete((done, failed) -> room.release());
    } catch (RejectedExecutionException e) {
      room.release();
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Runs a task that does not throw again and again. */
  void repeat(Runnable task, Duration every) {
    thread.scheduleWithFixedDelay(task, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
