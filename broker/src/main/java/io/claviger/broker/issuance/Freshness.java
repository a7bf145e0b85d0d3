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
 * @param floor with less left than this it is not handed out
 */
record Freshness(double refreshFraction, Duration floor) {

  Freshness {
    Check.present(floor, "floor");
    if (!(refreshFraction > 0 && refreshFraction <= 1) || floor.isNegative()) {
      throw new IllegalArgumentException(
          "refreshFraction is over 0 and at most 1, floor not negative");
    }
  }

  /** Whether it may be handed out. */
  boolean live(SessionCredentials session, Instant now) {
    return session.remaining(now).compareTo(floor) > 0;
  }

  /** Whether it may be handed out and the next one need not be opened yet. */
  boolean fresh(SessionCredentials session, Instant now) {
    return session.spent(now) < refreshFraction && live(session, now);
  }
}
