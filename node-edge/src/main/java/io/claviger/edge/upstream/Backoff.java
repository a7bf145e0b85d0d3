package io.claviger.edge.upstream;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Longer and longer pauses, jittered so that a thousand edges do not come back at once. */
final class Backoff {

  private static final Duration FIRST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private final DoubleSupplier random;
  private Duration next = FIRST;

  Backoff(DoubleSupplier random) {
    this.random = random;
  }

  /** The next pause: half of the step at least, all of it at most. */
  Duration pause() {
    Duration step = next;
    Duration doubled = step.multipliedBy(2);
    next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    return Duration.ofMillis((long) (step.toMillis() * (0.5 + random.getAsDouble() / 2)));
  }

  /** Whether something has failed since the last success. */
  boolean failing() {
    return !next.equals(FIRST);
  }

  void reset() {
    next = FIRST;
  }
}
