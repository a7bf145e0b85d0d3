package io.claviger.scenario;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Keeps clients busy in a closed loop. Each worker sends a request, waits for the answer, and sends
 * the next one at its turn. Together the workers do not exceed the wanted rate. A late worker does
 * not catch up.
 */
public final class LoadDriver implements AutoCloseable {

  private final Supplier<PodEnvironment> pods;
  private final FetchingClient client;
  private final LoadReport report = new LoadReport();
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final AtomicLong nextTurn = new AtomicLong(System.nanoTime());
  private final long nanosBetween;
  private final List<Thread> workers;

  private LoadDriver(
      FetchingClient client, Supplier<PodEnvironment> pods, int workers, double fetchesPerSecond) {
    this.client = client;
    this.pods = pods;
    this.nanosBetween = (long) (1e9 / fetchesPerSecond);
    this.workers =
        IntStream.range(0, workers)
            .mapToObj(i -> Thread.ofVirtual().name("load-" + i).unstarted(this::work))
            .toList();
  }

  /**
   * Starts the workers.
   *
   * @param client that fetches credentials
   * @param pods supplies the pod of the next fetch; called by many threads
   * @param workers maximum number of concurrent fetches
   * @param fetchesPerSecond of all workers together
   */
  public static LoadDriver start(
      FetchingClient client, Supplier<PodEnvironment> pods, int workers, double fetchesPerSecond) {
    LoadDriver driver = new LoadDriver(client, pods, workers, fetchesPerSecond);
    driver.workers.forEach(Thread::start);
    return driver;
  }

  private void work() {
    while (awaitTurn()) {
      try {
        report.add(client.fetch(pods.get()));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Waits for a turn. Turns that no worker took in time are lost. */
  private boolean awaitTurn() {
    long now = System.nanoTime();
    long turn = nextTurn.getAndUpdate(at -> Math.max(at, now - nanosBetween) + nanosBetween);
    while (running.get() && System.nanoTime() < turn) {
      LockSupport.parkNanos(turn - System.nanoTime());
      if (Thread.interrupted()) {
        return false;
      }
    }
    return running.get();
  }

  /** The results so far; the load continues. */
  public LoadReport report() {
    return report;
  }

  /** Stops the load and waits until the running fetches have ended. */
  public LoadReport stop() {
    running.set(false);
    workers.forEach(LockSupport::unpark);
    try {
      for (Thread worker : workers) {
        if (!worker.join(Duration.ofSeconds(60))) {
          throw new IllegalStateException("a fetch has not ended for 60 s");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return report;
  }

  @Override
  public void close() {
    stop();
  }
}
