package io.claviger.config.load;

import java.time.Duration;
import java.util.Arrays;

/**
 * When somebody who was asked is taken for dead, and how often that may lead to doing the work a
 * second time. The delay follows what is measured: whoever is slow today is not dead. The budget is
 * filled by answers (gRFC A6, "retry throttling"): where most of what is asked gets none, more work
 * would make it worse. Thread-safe.
 */
public final class HedgePolicy {

  /** So much longer than the slowest of a hundred recent answers is no chance any more. */
  private static final int TIMES_P99 = 4;

  private static final int REMEMBERED = 256;

  /**
   * Fewer answers have no p99. The first ones after a start come while nothing else is asked, and
   * say nothing about the crowd that may follow.
   */
  private static final int ENOUGH = 128;

  /** The percentile is taken anew after so many answers: sorting costs some microseconds. */
  private static final int FRESH_FOR = 32;

  private static final int TOKEN = 1_000;

  private final Duration least;
  private final Duration most;
  private final int perAnswer;
  private final int burst;
  private final long[] recent = new long[REMEMBERED];
  private long answers;
  private int tokens;
  private Duration delay;

  /**
   * A policy that has seen no answer yet: it waits for as long as it ever does, until it has seen
   * {@value #ENOUGH}.
   *
   * @param least the shortest delay
   * @param most the longest one
   * @param perAnswer how many hedges an answer pays for, 0.03 for three in a hundred
   * @param burst how many may be done at once, also at the start
   */
  public HedgePolicy(Duration least, Duration most, double perAnswer, int burst) {
    if (!least.isPositive() || most.compareTo(least) < 0) {
      throw new IllegalArgumentException("the shortest delay is over 0, the longest not shorter");
    }
    if (!(perAnswer > 0 && perAnswer <= 1) || burst < 1) {
      throw new IllegalArgumentException("perAnswer is over 0 and at most 1, burst at least 1");
    }
    this.least = least;
    this.most = most;
    this.perAnswer = (int) Math.ceil(perAnswer * TOKEN);
    this.burst = burst * TOKEN;
    this.tokens = this.burst;
    this.delay = most;
  }

  /** An answer came, or a sign of life, after so long. */
  public synchronized void answered(Duration after) {
    recent[(int) (answers++ % REMEMBERED)] = Math.max(0, after.toNanos());
    tokens = Math.min(burst, tokens + perAnswer);
    if (answers % FRESH_FOR == 0 && answers >= ENOUGH) {
      delay = clamped(Duration.ofNanos(p99()).multipliedBy(TIMES_P99));
    }
  }

  /** How long to wait for a sign of life. */
  public synchronized Duration delay() {
    return delay;
  }

  /** Takes the right to do something a second time; false when the budget is spent. */
  public synchronized boolean take() {
    if (tokens < TOKEN) {
      return false;
    }
    tokens -= TOKEN;
    return true;
  }

  private long p99() {
    int seen = (int) Math.min(answers, REMEMBERED);
    long[] sorted = Arrays.copyOf(recent, seen);
    Arrays.sort(sorted);
    return sorted[(seen - 1) * 99 / 100];
  }

  private Duration clamped(Duration wanted) {
    if (wanted.compareTo(least) < 0) {
      return least;
    }
    return wanted.compareTo(most) > 0 ? most : wanted;
  }
}
