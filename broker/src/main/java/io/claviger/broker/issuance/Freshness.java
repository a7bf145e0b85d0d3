package io.claviger.broker.issuance;

import io.claviger.schemas.Check;
import io.claviger.schemas.bus.SessionCredentials;
import java.time.Duration;
import java.time.Instant;

/**
 * How old a session may be.
 *
 * @param refreshFraction the part of its life after which a request for it opens the next one; over
 *     0, at most 1
 * @param minRemaining with less left than this it is not served
 */
record Freshness(double refreshFraction, Duration minRemaining) {

  Freshness {
    Check.present(minRemaining, "minRemaining");
    if (!(refreshFraction > 0 && refreshFraction <= 1) || minRemaining.isNegative()) {
      throw new IllegalArgumentException(
          "refreshFraction is over 0 and at most 1, minRemaining not negative");
    }
  }

  /** Whether it may be served. */
  boolean live(SessionCredentials session, Instant now) {
    return session.remaining(now).compareTo(minRemaining) > 0;
  }

  /** Whether it may be served and the next one need not be opened yet. */
  boolean fresh(SessionCredentials session, Instant now) {
    return session.spent(now) < refreshFraction && live(session, now);
  }
}
