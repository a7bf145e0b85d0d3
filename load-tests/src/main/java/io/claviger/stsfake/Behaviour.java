package io.claviger.stsfake;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How calls are bent, for one role or for all. Set while calls run; each setting holds until it is
 * set again or cleared. Thread-safe.
 */
public final class Behaviour {

  private static final int ALWAYS = -1;

  /** Its multiples' fractions are spread evenly: neighbours far apart, no run of the same. */
  private static final double GOLDEN_RATIO = 0.618_033_988_75;

  private final InstantSource clock;
  private final AtomicReference<@Nullable CallRate> rate = new AtomicReference<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger failuresLeft = new AtomicInteger();
  private volatile Duration latency = Duration.ZERO;
  private volatile @Nullable QueryError failure;
  private volatile @Nullable Duration session;
  private volatile double throttledPart;

  Behaviour(InstantSource clock) {
    this.clock = clock;
  }

  /** Calls are answered this much later. */
  public Behaviour latency(Duration added) {
    latency = added;
    return this;
  }

  /** More calls a second than this are throttled; a second's worth may come at once. */
  public Behaviour throttleAt(double callsPerSecond) {
    rate.set(new CallRate(callsPerSecond, clock));
    return this;
  }

  /** This part of the calls is throttled, however few there are; evenly spread. */
  public Behaviour throttlePart(double part) {
    throttledPart = part;
    return this;
  }

  /** AssumeRole fails, after the latency, until cleared. */
  public Behaviour failWith(QueryError error) {
    failuresLeft.set(ALWAYS);
    failure = error;
    return this;
  }

  /** The next calls of AssumeRole fail, after the latency. */
  public Behaviour failNext(int calls, QueryError error) {
    failuresLeft.set(calls);
    failure = error;
    return this;
  }

  /** Sessions end this long after they were issued, whatever was asked for. */
  public Behaviour sessionDuration(Duration duration) {
    session = duration;
    return this;
  }

  /** As STS is by itself. */
  public void clear() {
    latency = Duration.ZERO;
    rate.set(null);
    throttledPart = 0;
    failure = null;
    session = null;
  }

  Duration latency() {
    return latency;
  }

  @Nullable Duration sessionDuration() {
    return session;
  }

  boolean throttles() {
    CallRate limit = rate.get();
    return (limit != null && !limit.tryCall())
        || (calls.incrementAndGet() * GOLDEN_RATIO) % 1 < throttledPart;
  }

  @Nullable QueryError nextFailure() {
    QueryError error = failure;
    if (error == null || failuresLeft.get() == ALWAYS) {
      return error;
    }
    return failuresLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0 ? error : null;
  }
}
