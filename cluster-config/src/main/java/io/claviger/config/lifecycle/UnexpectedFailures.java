package io.claviger.config.lifecycle;

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
  private static final int FRAMES = 5;
  private static final int MOST_CAUSES = 10;

  private final OnceAMinute seen;

  /** None has been seen. */
  public UnexpectedFailures(LongSupplier nanoTime) {
    seen = new OnceAMinute(nanoTime);
  }

  /**
   * Takes note of one.
   *
   * @param doing what failed, for a person
   */
  public void saw(String doing, Throwable failure) {
    long count = seen.toSay();
    if (count == 0) {
      return;
    }
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
