package io.claviger.broker.issuance;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.schemas.bus.SessionKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Remembers, briefly, which sessions could not be opened, so that STS is not asked at once again.
 * Bounded.
 */
final class Setbacks {

  private static final int MAX_KEYS = 20_000;
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final Cache<SessionKey, Setback> setbacks;

  private record Setback(Opening opening, Instant until) {}

  Setbacks(InstantSource clock) {
    this.clock = clock;
    this.setbacks =
        Caffeine.newBuilder()
            .maximumSize(MAX_KEYS)
            .expireAfterWrite(LONGEST)
            .ticker(() -> clock.millis() * 1_000_000)
            .executor(Runnable::run)
            .build();
  }

  void remember(SessionKey key, Opening opening, Duration time) {
    setbacks.put(key, new Setback(opening, clock.instant().plus(time)));
  }

  Optional<Opening> find(SessionKey key) {
    return Optional.ofNullable(setbacks.getIfPresent(key))
        .filter(setback -> clock.instant().isBefore(setback.until()))
        .map(Setback::opening);
  }
}
