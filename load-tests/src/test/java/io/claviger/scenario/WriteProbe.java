package io.claviger.scenario;

import io.claviger.scenario.Eks.Created;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Writes one association after the other, and measures the longest pause between writes. */
final class WriteProbe implements AutoCloseable {

  private final Eks eks;
  private final List<String> ids = new ArrayList<>();
  private final CompletableFuture<Void> done;
  private volatile boolean stopped;
  private long lastNanos = System.nanoTime();
  private long longestNanos;

  private WriteProbe(Eks eks) {
    this.eks = eks;
    this.done = new CompletableFuture<>();
  }

  static WriteProbe start(Eks eks) {
    WriteProbe probe = new WriteProbe(eks);
    Thread.ofVirtual().name("write-probe").start(probe::run);
    return probe;
  }

  private void run() {
    try {
      for (int i = 0; !stopped; i++) {
        wrote(eks.decide(i, "probe", "probe-" + i));
      }
      done.complete(null);
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
    }
  }

  private synchronized void wrote(Created created) {
    if (!(created instanceof Created.Won won)) {
      throw new IllegalStateException(
          "another client has created the probe's association: " + created);
    }
    ids.add(won.id());
    long now = System.nanoTime();
    longestNanos = Math.max(longestNanos, now - lastNanos);
    lastNanos = now;
  }

  /** The longest time between two writes since the last call. */
  synchronized Duration longestPause() {
    Duration longest = Duration.ofNanos(longestNanos);
    longestNanos = 0;
    return longest;
  }

  /** Stops, and returns the acknowledged ids. */
  List<String> stop() {
    stopped = true;
    done.join();
    return List.copyOf(ids);
  }

  @Override
  public void close() {
    stopped = true;
  }
}
