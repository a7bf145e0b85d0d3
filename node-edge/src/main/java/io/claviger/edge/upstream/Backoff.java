package io.claviger.edge.upstream;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Increasing pauses with jitter, so that a thousand edges do not reconnect at once. */
final class Backoff {

  private static final Duration FIRST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private final DoubleSupplier random;
  private Duration next = FIRST;

  Backoff(DoubleSupplier random) {
    this.random = random;
  }

  /** Returns the next pause: between half of the step and all of it. */
  Duration pause() {
    Duration step = next;
    Duration doubled = step.multipliedBy(2);
    next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    return Duration.ofMillis((long) (step.toMillis() * (0.5 + random.getAsDouble() / 2)));
  }

  /** Whether a failure has followed the last success. */
  boolean failing() {
    return !next.equals(FIRST);
  }

  void reset() {
    next = FIRST;
  }
}
