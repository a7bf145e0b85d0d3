package io.claviger.stsfake;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** So many calls a second, a second's worth at once at most. Thread-safe. */
final class CallRate {

  private final double perSecond;
  private final double capacity;
  private final InstantSource clock;
  private double available;
  private Instant filled;

  CallRate(double perSecond, InstantSource clock) {
    if (perSecond < 0) {
      throw new IllegalArgumentException("a rate is not negative");
    }
    this.perSecond = perSecond;
    this.capacity = perSecond == 0 ? 0 : Math.max(1, perSecond);
    this.clock = clock;
    this.available = capacity;
    this.filled = clock.instant();
  }

  synchronized boolean tryCall() {
    Instant now = clock.instant();
    double seconds = Duration.between(filled, now).toNanos() / 1e9;
    available = Math.min(capacity, available + Math.max(0, seconds) * perSecond);
    filled = now;
    if (available < 1) {
      return false;
    }
    available -= 1;
    return true;
  }
}
