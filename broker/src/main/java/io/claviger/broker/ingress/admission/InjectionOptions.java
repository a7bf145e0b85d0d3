package io.claviger.broker.ingress.admission;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the annotations of a pod or a service account ask for.
 *
 * @param skipped containers that get nothing
 * @param tokenSeconds how long a token lives
 */
record InjectionOptions(Optional<Set<String>> skipped, Optional<Long> tokenSeconds) {

  /** Names with commas between them. */
  static final String SKIP_CONTAINERS = "eks.amazonaws.com/skip-containers";

  /** Seconds. */
  static final String TOKEN_EXPIRATION = "eks.amazonaws.com/token-expiration";

  private static final long SHORTEST = 600;
  private static final long LONGEST = 86_400;

  /** Tokens of pods that start together are not renewed together. */
  private static final long SHORTEST_USUAL = 79_200;

  /** An expiration out of bounds is the nearest one within; what is no number is not said. */
  static InjectionOptions of(@Nullable Map<String, String> annotations) {
    if (annotations == null) {
      return new InjectionOptions(Optional.empty(), Optional.empty());
    }
    return new InjectionOptions(
        Optional.ofNullable(annotations.get(SKIP_CONTAINERS)).map(InjectionOptions::names),
        Optional.ofNullable(annotations.get(TOKEN_EXPIRATION)).flatMap(InjectionOptions::seconds));
  }

  boolean isComplete() {
    return skipped.isPresent() && tokenSeconds.isPresent();
  }

  /** What is not said here, as it is said there. */
  InjectionOptions or(InjectionOptions other) {
    return new InjectionOptions(skipped.or(other::skipped), tokenSeconds.or(other::tokenSeconds));
  }

  boolean skips(@Nullable String container) {
    return container != null && skipped.orElse(Set.of()).contains(container);
  }

  /**
   * How long the pod's tokens live, in seconds.
   *
   * @param random of [0, 1)
   */
  long tokenSeconds(DoubleSupplier random) {
    return tokenSeconds.orElseGet(
        () -> SHORTEST_USUAL + (long) (random.getAsDouble() * (LONGEST - SHORTEST_USUAL + 1)));
  }

  private static Set<String> names(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).collect(Collectors.toSet());
  }

  private static Optional<Long> seconds(String text) {
    try {
      return Optional.of(Math.clamp(Long.parseLong(text.strip()), SHORTEST, LONGEST));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
