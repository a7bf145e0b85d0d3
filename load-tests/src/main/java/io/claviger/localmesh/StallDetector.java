package io.claviger.localmesh;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tells what is stuck from what is slow, as on a machine that has other things to do: what is slow
 * takes processor time. Not thread-safe.
 */
public final class StallDetector {

  /** The share of one core that is work; the timers of a JVM that waits take less. */
  private static final double WORK = 0.05;

  /** What still works after so many limits is taken to do so for ever. */
  private static final int MAX_LIMITS = 10;

  private final Duration limit;
  private final Supplier<Duration> processorTime;
  private final LongSupplier nanoTime;
  private final long started;
  private long lastProgress;
  private Duration used;

  /**
   * Begins to look.
   *
   * @param limit how long nothing may go on
   * @param processorTime what the work has taken so far; more and less are both signs of life, as
   *     processes may end meanwhile
   * @param nanoTime as {@link System#nanoTime()}
   */
  StallDetector(Duration limit, Supplier<Duration> processorTime, LongSupplier nanoTime) {
    this.limit = limit;
    this.processorTime = processorTime;
    this.nanoTime = nanoTime;
    this.started = nanoTime.getAsLong();
    this.lastProgress = started;
    this.used = processorTime.get();
  }

  /** Whether nothing has gone on for the limit, or something goes on for ever. */
  public boolean isStalled() {
    long now = nanoTime.getAsLong();
    Duration total = processorTime.get();
    if (total.minus(used).abs().toNanos() >= limit.toNanos() * WORK) {
      used = total;
      lastProgress = now;
    }
    return now - lastProgress > limit.toNanos() || now - started > limit.toNanos() * MAX_LIMITS;
  }

  /** How long it has been looked, for a message. */
  Duration elapsed() {
    return Duration.ofNanos(nanoTime.getAsLong() - started);
  }
}
