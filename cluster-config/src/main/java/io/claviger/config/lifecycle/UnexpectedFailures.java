package io.claviger.config.lifecycle;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs failures that only a bug explains, where they are caught and the request is refused. It logs
 * at most once a minute, because clients must not be able to fill the log. It logs where a failure
 * was thrown but not its message, which may quote received data. Thread-safe.
 */
public final class UnexpectedFailures {

  private static final Logger LOG = LoggerFactory.getLogger(UnexpectedFailures.class);
  private static final int FRAMES = 5;
  private static final int MOST_CAUSES = 10;

  private final OnceAMinute seen;

  /** Starts with no failure. */
  public UnexpectedFailures(LongSupplier nanoTime) {
    seen = new OnceAMinute(nanoTime);
  }

  /**
   * Records a failure.
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
        .log("unexpected failure, probably a bug: please report it");
  }

  /** Returns the first cause; bounded, because causes can form a cycle. */
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
