package io.claviger.config.lifecycle;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Limits the log of an event that unauthenticated clients can cause at will: one line a minute,
 * with a count. Thread-safe.
 */
public final class OnceAMinute {

  private static final Duration EVERY = Duration.ofMinutes(1);

  private final LongSupplier nanoTime;
  private final AtomicLong lastSaid;
  private final AtomicLong since = new AtomicLong();

  /** Starts with no event. */
  public OnceAMinute(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastSaid = new AtomicLong(nanoTime.getAsLong() - EVERY.toNanos());
  }

  /**
   * Records an event.
   *
   * @return the number of events since the last log line, if a line is due now; otherwise 0
   */
  public long toSay() {
    long count = since.incrementAndGet();
    long last = lastSaid.get();
    long now = nanoTime.getAsLong();
    if (now - last < EVERY.toNanos() || !lastSaid.compareAndSet(last, now)) {
      return 0;
    }
    since.addAndGet(-count);
    return count;
  }
}
