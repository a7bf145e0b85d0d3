package io.claviger.broker.issuance;

import io.claviger.schemas.Check;
import io.micrometer.core.instrument.Tag;
import java.time.Duration;

/**
 * The limits on opening sessions.
 *
 * @param concurrency how many sessions are opened at once
 * @param maxWaiting how many sessions may wait to be opened; further requests get "unavailable"
 * @param window how long requests are gathered while all slots are taken; over 0, 5 ms at most
 * @param refreshFraction the part of a session's life after which a request for it opens the next
 *     one
 * @param minRemaining sessions with less time left than this are not served
 * @param deadline the total time for opening a session
 * @param ownerTimeout the minimum time to wait for a sign of life from a key's owner
 * @param sessionDuration the lifetime that is requested for sessions
 */
public record IssuanceLimits(
    int concurrency,
    int maxWaiting,
    Duration window,
    double refreshFraction,
    Duration minRemaining,
    Duration deadline,
    Duration ownerTimeout,
    Duration sessionDuration) {

  private static final Duration LONGEST_WINDOW = Duration.ofMillis(5);

  public IssuanceLimits {
    if (concurrency < 1 || maxWaiting < 0) {
      throw new IllegalArgumentException("concurrency is at least 1, maxWaiting at least 0");
    }
    Check.present(window, "window");
    if (window.compareTo(LONGEST_WINDOW) > 0 || !window.isPositive()) {
      throw new IllegalArgumentException("window is over 0 and at most 5 ms");
    }
    positive(deadline, "deadline");
    positive(ownerTimeout, "ownerTimeout");
    positive(sessionDuration, "sessionDuration");
    new Freshness(refreshFraction, minRemaining);
  }

  StsDispatcher.Limits dispatcherLimits(Tag account) {
    return new StsDispatcher.Limits(account, concurrency, maxWaiting, window, deadline);
  }

  Freshness freshness() {
    return new Freshness(refreshFraction, minRemaining);
  }

  private static void positive(Duration duration, String name) {
    if (!Check.present(duration, name).isPositive()) {
      throw new IllegalArgumentException(name + " is over 0");
    }
  }
}
