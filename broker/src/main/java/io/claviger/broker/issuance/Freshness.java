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
 * @param minRemaining a session with less time left than this is not served
 */
record Freshness(double refreshFraction, Duration minRemaining) {

  Freshness {
    Check.present(minRemaining, "minRemaining");
    if (!(refreshFraction > 0 && refreshFraction <= 1) || minRemaining.isNegative()) {
      throw new IllegalArgumentException(
          "refreshFraction is over 0 and at most 1, minRemaining not negative");
    }
  }

  /** Returns whether the session may be served. */
  boolean live(SessionCredentials session, Instant now) {
    return session.remaining(now).compareTo(minRemaining) > 0;
  }

  /** Returns whether the session may be served and does not yet need a refresh. */
  boolean fresh(SessionCredentials session, Instant now) {
    return session.spent(now) < refreshFraction && live(session, now);
  }
}
