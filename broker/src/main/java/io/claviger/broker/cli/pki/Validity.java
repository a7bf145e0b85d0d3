package io.claviger.broker.cli.pki;

import java.time.Duration;
import java.time.Instant;

/** The validity of a certificate. */
record Validity(Instant from, Instant until) {

  /** The clocks of nodes differ. */
  private static final Duration SKEW = Duration.ofHours(1);

  static Validity of(Instant now, Duration life) {
    return new Validity(now.minus(SKEW), now.plus(life));
  }

  /** Returns this validity, ending at {@code end} at the latest. */
  Validity within(Instant end) {
    return until.isAfter(end) ? new Validity(from, end) : this;
  }
}
