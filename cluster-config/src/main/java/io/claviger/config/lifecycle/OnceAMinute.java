package io.claviger.config.lifecycle;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * For what strangers can make happen as often as they like: it is said once a minute, with how
 * often it was. Thread-safe.
 */
public final class OnceAMinute {

  private static final Duration EVERY = Duration.ofMinutes(1);

  private final LongSupplier nanoTime;
  private final AtomicLong lastSaid;
  private final AtomicLong since = new AtomicLong();

  /** It has not happened yet. */
  public OnceAMinute(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastSaid = new AtomicLong(nanoTime.getAsLong() - EVERY.toNanos());
  }

  /**
   * It has happened.
   *
   * @return how often since it was said last, where it is to be said now; otherwise 0
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
