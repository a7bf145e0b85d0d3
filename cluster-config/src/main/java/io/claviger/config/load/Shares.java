package io.claviger.config.load;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Something of which there is a bounded amount, and of which one source has a bounded share,
 * whatever the others leave. Thread-safe.
 */
public final class Shares {

  private final long most;
  private final long mostOfOne;
  private final AtomicLong taken = new AtomicLong();
  private final ConcurrentMap<String, Long> bySource = new ConcurrentHashMap<>();

  /**
   * Nothing is taken.
   *
   * @param most that all sources together may have
   * @param mostOfOne that one source may have
   */
  public Shares(long most, long mostOfOne) {
    this.most = most;
    this.mostOfOne = mostOfOne;
  }

  /** One source may have half of it. */
  public static Shares halves(long most) {
    return new Shares(most, Math.max(1, most / 2));
  }

  /** Takes so much; false, and nothing taken, where there is not so much for this source. */
  public boolean take(String source, long amount) {
    if (taken.addAndGet(amount) > most) {
      taken.addAndGet(-amount);
      return false;
    }
    // What is too much is given back at once; meanwhile another may be refused that would just fit.
    if (bySource.merge(source, amount, Long::sum) > mostOfOne) {
      release(source, amount);
      return false;
    }
    return true;
  }

  /** Gives back what was taken. */
  public void release(String source, long amount) {
    taken.addAndGet(-amount);
    bySource.computeIfPresent(source, (from, has) -> has == amount ? null : has - amount);
  }

  /** Whether there is nothing left for anybody. */
  public boolean full() {
    return taken.get() >= most;
  }

  /** What is taken by all. */
  public long taken() {
    return taken.get();
  }
}
