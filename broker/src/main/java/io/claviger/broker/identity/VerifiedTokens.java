package io.claviger.broker.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.config.trust.TokenHash;
import io.claviger.config.trust.TokenKeys;
import io.claviger.config.trust.TokenVerification.Verified;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Verified tokens by their SHA-256. A token is cached for at most 15 minutes, not beyond its
 * expiry, and only while the key set that verified it is current. Thread-safe.
 */
final class VerifiedTokens {

  static final Duration LONGEST = Duration.ofMinutes(15);

  private final Cache<TokenHash, Remembered> tokens;
  private final InstantSource clock;

  VerifiedTokens(int maximum, InstantSource clock, Ticker ticker) {
    this.clock = clock;
    this.tokens =
        Caffeine.newBuilder()
            .maximumSize(maximum)
            .ticker(ticker)
            .executor(Runnable::run)
            .expireAfter(Expiry.<TokenHash, Remembered>creating((hash, token) -> stay(token)))
            .build();
  }

  /** Returns the cached verification of a token that has not expired. */
  Optional<Remembered> find(String token) {
    Remembered found = tokens.getIfPresent(TokenHash.of(token));
    return found != null && clock.instant().isBefore(found.verification().expiresAt())
        ? Optional.of(found)
        : Optional.empty();
  }

  /** Caches a token. */
  void remember(String token, Verified verification, TokenKeys verifiedUnder) {
    tokens.put(TokenHash.of(token), new Remembered(verification, verifiedUnder));
  }

  /** Drops a token. */
  void forget(String token) {
    tokens.invalidate(TokenHash.of(token));
  }

  private Duration stay(Remembered token) {
    Duration left = Duration.between(clock.instant(), token.verification().expiresAt());
    return left.compareTo(LONGEST) < 0 ? left : LONGEST;
  }

  /**
   * A verified token.
   *
   * @param verifiedUnder the key set that verified it
   */
  record Remembered(Verified verification, TokenKeys verifiedUnder) {}
}
