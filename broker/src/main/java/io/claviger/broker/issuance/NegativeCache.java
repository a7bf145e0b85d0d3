package io.claviger.broker.issuance;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.SessionKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Caches failures to open a session for a short time, so that STS is not called again at once.
 * Bounded.
 */
final class NegativeCache {

  private static final int MAX_KEYS = 20_000;
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final Cache<SessionKey, Failure> failures;

  private record Failure(OpenResult result, Instant until) {}

  NegativeCache(InstantSource clock) {
    this.clock = clock;
    this.failures =
        Caffeine.newBuilder()
            .maximumSize(MAX_KEYS)
            .expireAfterWrite(LONGEST)
            .ticker(() -> clock.millis() * 1_000_000)
            .executor(Runnable::run)
            .build();
  }

  void remember(SessionKey key, OpenResult result, Duration time) {
    failures.put(key, new Failure(result, clock.instant().plus(time)));
  }

  Optional<OpenResult> find(SessionKey key) {
    return Optional.ofNullable(failures.getIfPresent(key))
        .filter(failure -> clock.instant().isBefore(failure.until()))
        .map(Failure::result);
  }
}
