package io.claviger.localmesh;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Distinguishes a stuck process from a slow one: a slow one uses processor time. Not thread-safe.
 */
public final class StallDetector {

  /** The least share of one core that counts as work; the timers of an idle JVM use less. */
  private static final double WORK = 0.05;

  /** After so many limits, work that still goes on counts as endless. */
  private static final int MAX_LIMITS = 10;

  private final Duration limit;
  private final Supplier<Duration> processorTime;
  private final LongSupplier nanoTime;
  private final long started;
  private long lastProgress;
  private Duration used;

  /**
   * Begins to measure.
   *
   * @param limit how long there may be no progress
   * @param processorTime used so far; an increase and a decrease both count as progress, because
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

  /** Whether there was no progress for the limit, or the work seems endless. */
  public boolean isStalled() {
    long now = nanoTime.getAsLong();
    Duration total = processorTime.get();
    if (total.minus(used).abs().toNanos() >= limit.toNanos() * WORK) {
      used = total;
      lastProgress = now;
    }
    return now - lastProgress > limit.toNanos() || now - started > limit.toNanos() * MAX_LIMITS;
  }

  /** Time since the measurement began, for a message. */
  Duration elapsed() {
    return Duration.ofNanos(nanoTime.getAsLong() - started);
  }
}
