package io.claviger.broker.issuance;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * This broker's share of one account's STS quota, as a token bucket. Its rate is the quota divided
 * by the number of brokers. The rate falls by the fraction of calls that STS throttles, and rises
 * again by a twentieth of the share each second. Brokers do not coordinate. At most a fiftieth of a
 * second's calls may come at once, so no second noticeably exceeds the quota. Thread-safe.
 */
final class QuotaShare {

  /** A bucket counts whole tokens, but a rate may have a fraction. */
  private static final long TOKENS_PER_CALL = 1_000;

  private static final double BURST_SECONDS = 0.02;
  private static final double DECREASE = 0.5;
  private static final double INCREASE = 0.05;
  private static final double LOWEST = 0.1;
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final int perSecond;
  private final int minBrokers;
  private final IntSupplier brokers;
  private final TimeMeter time;
  private final Bucket bucket;
  private double rate;
  private long adjustedAt;
  private long answered;
  private long throttled;

  /**
   * A full share.
   *
   * @param perSecond the account's quota in this Region
   * @param minBrokers the quota is divided by at least this number, even if fewer brokers are
   *     visible
   * @param brokers how many brokers there may be, reachable or not; called often, returns at once
   * @param nanoTime a clock that is never set
   */
  QuotaShare(int perSecond, int minBrokers, IntSupplier brokers, LongSupplier nanoTime) {
    if (perSecond < 1 || minBrokers < 1) {
      throw new IllegalArgumentException("a quota and its min-brokers are at least 1");
    }
    this.perSecond = perSecond;
    this.minBrokers = minBrokers;
    this.brokers = brokers;
    this.time = new Monotonic(nanoTime);
    this.rate = share();
    this.adjustedAt = time.currentTimeNanos();
    this.bucket = Bucket.builder().addLimit(limit(rate)).withCustomTimePrecision(time).build();
  }

  /** Takes the permission for one call. Returns zero, or how long to wait for it. */
  synchronized Duration take() {
    adjust();
    ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(TOKENS_PER_CALL);
    return probe.isConsumed()
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(1, probe.getNanosToWaitForRefill()));
  }

  /** Charges a call that could not wait; later calls wait for it. */
  synchronized void charge() {
    bucket.consumeIgnoringRateLimits(TOKENS_PER_CALL);
  }

  /** Records STS's response to a call. */
  synchronized void answered(boolean withThrottling) {
    answered++;
    throttled += withThrottling ? 1 : 0;
    adjust();
  }

  /** The current rate in calls a second. */
  synchronized double rate() {
    adjust();
    return rate;
  }

  private double share() {
    return (double) perSecond / Math.max(brokers.getAsInt(), minBrokers);
  }

  private void adjust() {
    long seconds = (time.currentTimeNanos() - adjustedAt) / SECOND;
    if (seconds < 1) {
      return;
    }
    double share = share();
    double part = answered == 0 ? 0 : (double) throttled / answered;
    double next = rate * (1 - DECREASE * part) + INCREASE * share * seconds;
    adjustedAt += seconds * SECOND;
    answered = 0;
    throttled = 0;
    set(Math.min(share, Math.max(LOWEST * share, next)));
  }

  private void set(double next) {
    if (next != rate) {
      rate = next;
      bucket.replaceConfiguration(
          BucketConfiguration.builder().addLimit(limit(next)).build(),
          TokensInheritanceStrategy.AS_IS);
    }
  }

  private static Bandwidth limit(double rate) {
    long burst = Math.max(TOKENS_PER_CALL, (long) (rate * BURST_SECONDS * TOKENS_PER_CALL));
    long refilled = Math.max(1, (long) (rate * TOKENS_PER_CALL));
    return Bandwidth.builder()
        .capacity(burst)
        .refillGreedy(refilled, Duration.ofSeconds(1))
        .build();
  }

  /**
   * A monotonic clock. A wall clock can be set back, and the bucket would then stay empty until the
   * clock catches up.
   */
  private record Monotonic(LongSupplier nanoTime) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return nanoTime.getAsLong();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
