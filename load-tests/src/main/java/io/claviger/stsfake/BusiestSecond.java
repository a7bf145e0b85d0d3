package io.claviger.stsfake;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** The most that happened within any second. Thread-safe. */
public final class BusiestSecond {

  private final Deque<Instant> lastSecond = new ArrayDeque<>();
  private int most;

  /** Something happens; told in the order of time. */
  public synchronized void happened(Instant when) {
    lastSecond.addLast(when);
    while (!lastSecond.getFirst().isAfter(when.minusSeconds(1))) {
      lastSecond.removeFirst();
    }
    most = Math.max(most, lastSecond.size());
  }

  /** How much that was. */
  public synchronized int most() {
    return most;
  }

  /** Counts from nothing again. */
  public synchronized void clear() {
    lastSecond.clear();
    most = 0;
  }
}
