package io.claviger.broker.ingress.admission;

import java.util.HashMap;
import java.util.Map;

/**
 * Something of which there is a bounded amount: one source has half of it at most, whatever the
 * others leave. Lives on one event loop.
 */
final class SourceShares {

  private final long most;
  private final Map<String, Long> bySource = new HashMap<>();
  private long taken;

  /** Nothing is taken. */
  SourceShares(long most) {
    this.most = most;
  }

  /** Takes so much; false, and nothing taken, where there is not so much for this source. */
  boolean take(String source, long amount) {
    long share = Math.max(1, most / 2);
    if (taken + amount > most || bySource.getOrDefault(source, 0L) + amount > share) {
      return false;
    }
    taken += amount;
    bySource.merge(source, amount, Long::sum);
    return true;
  }

  /** Gives back what was taken. */
  void release(String source, long amount) {
    taken -= amount;
    bySource.computeIfPresent(source, (from, has) -> has == amount ? null : has - amount);
  }

  /** What is taken by all. */
  long taken() {
    return taken;
  }
}
