package io.claviger.broker.ingress.admission;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Options in the annotations of a pod or a service account.
 *
 * @param skipped the containers that are not injected
 * @param tokenSeconds the lifetime of a token
 */
record InjectionOptions(Optional<Set<String>> skipped, Optional<Long> tokenSeconds) {

  /** Comma-separated names. */
  static final String SKIP_CONTAINERS = "eks.amazonaws.com/skip-containers";

  /** Seconds. */
  static final String TOKEN_EXPIRATION = "eks.amazonaws.com/token-expiration";

  private static final long SHORTEST = 600;
  private static final long LONGEST = 86_400;

  /** The random default spreads the renewals of pods that start together. */
  private static final long SHORTEST_USUAL = 79_200;

  /** Reads annotations. An expiration is clamped to its bounds, or ignored if not a number. */
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

  /** Returns these options, completed by the other options. */
  InjectionOptions or(InjectionOptions other) {
    return new InjectionOptions(skipped.or(other::skipped), tokenSeconds.or(other::tokenSeconds));
  }

  boolean skips(@Nullable String container) {
    return container != null && skipped.orElse(Set.of()).contains(container);
  }

  /**
   * Returns the lifetime of the pod's tokens, in seconds.
   *
   * @param random values of [0, 1)
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
