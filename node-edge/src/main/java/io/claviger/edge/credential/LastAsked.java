package io.claviger.edge.credential;

import java.time.Instant;

/** When something was last requested, to the second. Thread-safe. */
final class LastAsked {

  private static final long PRECISION_MILLIS = 1_000;

  private volatile long millis;

  LastAsked(Instant when) {
    this.millis = when.toEpochMilli();
  }

  /** Records a request; writes once a second, so that concurrent requests do not contend. */
  void now(Instant when) {
    long at = when.toEpochMilli();
    if (at - millis >= PRECISION_MILLIS) {
      millis = at;
    }
  }

  boolean isBefore(Instant moment) {
    return millis < moment.toEpochMilli();
  }
}
