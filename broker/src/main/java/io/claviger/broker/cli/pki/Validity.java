package io.claviger.broker.cli.pki;

import java.time.Duration;
import java.time.Instant;

/** From when to when a certificate is good. */
record Validity(Instant from, Instant until) {

  /** Clocks of nodes are not all alike. */
  private static final Duration SKEW = Duration.ofHours(1);

  static Validity of(Instant now, Duration life) {
    return new Validity(now.minus(SKEW), now.plus(life));
  }

  /** No longer than somebody else's. */
  Validity within(Instant end) {
    return until.isAfter(end) ? new Validity(from, end) : this;
  }
}
