package io.claviger.config.lifecycle;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Failures that only a bug explains, where they are stopped: whoever asked is refused, and the log
 * says so, once a minute at most: strangers must not be able to fill it. What a failure says is not
 * logged, it may quote what was received; where it was thrown is. Thread-safe.
 */
public final class UnexpectedFailures {

  private static final Logger LOG = LoggerFactory.getLogger(UnexpectedFailures.class);
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final int FRAMES = 5;
  private static final int MOST_CAUSES = 10;

  private final LongSupplier nanoTime;
  private final AtomicLong lastLogged;
  private final AtomicLong since = new AtomicLong();

  /** None has been seen. */
  public UnexpectedFailures(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastLogged = new AtomicLong(nanoTime.getAsLong() - EVERY.toNanos());
  }

  /**
   * Takes note of one.
   *
   * @param doing what failed, for a person
   */
  public void saw(String doing, Throwable failure) {
    long count = since.incrementAndGet();
    long last = lastLogged.get();
    long now = nanoTime.getAsLong();
    if (now - last < EVERY.toNanos() || !lastLogged.compareAndSet(last, now)) {
      return;
    }
    since.addAndGet(-count);
    Throwable cause = root(failure);
    LOG.atError()
        .addKeyValue("doing", doing)
        .addKeyValue("failure", cause.getClass().getName())
        .addKeyValue("at", at(cause))
        .addKeyValue("count", count)
        .log("a failure that nobody expected: please report it");
  }

  /** What was thrown first; causes can go round in a circle. */
  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    for (int i = 0; i < MOST_CAUSES && root.getCause() != null; i++) {
      root = root.getCause();
    }
    return root;
  }

  private static String at(Throwable failure) {
    StackTraceElement[] frames = failure.getStackTrace();
    StringBuilder at = new StringBuilder();
    for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
      at.append(i == 0 ? "" : " < ").append(frames[i]);
    }
    return at.toString();
  }
}
