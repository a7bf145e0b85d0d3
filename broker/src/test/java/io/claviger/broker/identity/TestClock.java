package io.claviger.broker.identity;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock and a ticker that move together, and only when a test moves them. */
public final class TestClock implements InstantSource, Ticker {

  private final Instant start;
  private final AtomicLong passed = new AtomicLong();

  public TestClock(Instant start) {
    this.start = start;
  }

  public void advance(Duration by) {
    passed.addAndGet(by.toNanos());
  }

  @Override
  public Instant instant() {
    return start.plusNanos(passed.get());
  }

  @Override
  public long read() {
    return passed.get();
  }
}
