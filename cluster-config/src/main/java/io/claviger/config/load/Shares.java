package io.claviger.config.load;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bounded amount, of which each source may take a bounded share, even if the rest is unused.
 * Thread-safe.
 */
public final class Shares {

  private final long most;
  private final long mostOfOne;
  private final AtomicLong taken = new AtomicLong();
  private final ConcurrentMap<String, Long> bySource = new ConcurrentHashMap<>();

  /**
   * Starts with nothing taken.
   *
   * @param most the limit of all sources together
   * @param mostOfOne the limit of one source
   */
  public Shares(long most, long mostOfOne) {
    this.most = most;
    this.mostOfOne = mostOfOne;
  }

  /** Returns shares of which one source may take half. */
  public static Shares halves(long most) {
    return new Shares(most, Math.max(1, most / 2));
  }

  /**
   * Takes an amount for a source; if either limit would be exceeded, takes nothing and returns
   * false.
   */
  public boolean take(String source, long amount) {
    if (taken.addAndGet(amount) > most) {
      taken.addAndGet(-amount);
      return false;
    }
    // An excess is returned at once; meanwhile another source that would just fit may be refused.
    if (bySource.merge(source, amount, Long::sum) > mostOfOne) {
      release(source, amount);
      return false;
    }
    return true;
  }

  /** Returns what was taken. */
  public void release(String source, long amount) {
    taken.addAndGet(-amount);
    bySource.computeIfPresent(source, (from, has) -> has == amount ? null : has - amount);
  }

  /** Whether nothing is left. */
  public boolean full() {
    return taken.get() >= most;
  }

  /** Returns the amount taken by all sources. */
  public long taken() {
    return taken.get();
  }
}
