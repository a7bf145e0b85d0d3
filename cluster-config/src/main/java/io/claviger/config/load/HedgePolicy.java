package io.claviger.config.load;

import java.time.Duration;
import java.util.Arrays;

/**
 * When a silent peer counts as dead, and how often its work may be done a second time. The delay
 * follows measured answers, so a peer that is slow today is not taken for dead. Answers fill the
 * budget of second attempts (gRFC A6, "retry throttling"). If most requests get no answer, more
 * work would only add load. Thread-safe.
 */
public final class HedgePolicy {

  /** A delay this many times the p99 of recent answers is no longer chance. */
  private static final int TIMES_P99 = 4;

  private static final int REMEMBERED = 256;

  /**
   * Fewer answers have no p99. The first answers after a start come under no load and do not
   * represent the load that may follow.
   */
  private static final int ENOUGH = 128;

  /** The percentile is computed again after this many answers: sorting costs some microseconds. */
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
   * Creates a policy without answers. It uses the longest delay until it has seen {@value #ENOUGH}
   * answers.
   *
   * @param least the shortest delay
   * @param most the longest one
   * @param perAnswer how many hedges an answer pays for, 0.03 for three in a hundred
   * @param burst how many hedges are allowed at once, also at the start
   */
  public HedgePolicy(Duration least, Duration most, double perAnswer, int burst) {
    if (!least.isPositive() || most.compareTo(least) < 0) {
      throw new IllegalArgumentException("the shortest delay is not positive or over the longest");
    }
    if (!(perAnswer > 0 && perAnswer <= 1) || burst < 1) {
      throw new IllegalArgumentException("perAnswer is not in (0, 1], or burst is under 1");
    }
    this.least = least;
    this.most = most;
    this.perAnswer = (int) Math.ceil(perAnswer * TOKEN);
    this.burst = burst * TOKEN;
    this.tokens = this.burst;
    this.delay = most;
  }

  /** Records an answer or a sign of life, and its delay. */
  public synchronized void answered(Duration after) {
    recent[(int) (answers++ % REMEMBERED)] = Math.max(0, after.toNanos());
    tokens = Math.min(burst, tokens + perAnswer);
    if (answers % FRESH_FOR == 0 && answers >= ENOUGH) {
      delay = clamped(Duration.ofNanos(p99()).multipliedBy(TIMES_P99));
    }
  }

  /** Returns how long to wait for a sign of life. */
  public synchronized Duration delay() {
    return delay;
  }

  /** Takes the permission for one second attempt; false if the budget is spent. */
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
