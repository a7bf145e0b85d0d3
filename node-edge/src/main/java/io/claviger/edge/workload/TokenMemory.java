package io.claviger.edge.workload;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Verified tokens, remembered by hash until they expire, at most for a given time. Bounded;
 * thread-safe.
 */
public final class TokenMemory {

  private final InstantSource clock;
  private final Cache<TokenHash, VerifiedToken> tokens;

  /**
   * An empty memory.
   *
   * @param size how many tokens are remembered
   * @param longest how long a token is remembered at most
   * @param clock says whether a token has expired
   * @param ticker measures how long it has been remembered
   */
  public TokenMemory(int size, Duration longest, InstantSource clock, Ticker ticker) {
    this.clock = clock;
    this.tokens =
        Caffeine.newBuilder()
            .maximumSize(size)
            .ticker(ticker)
            .executor(Runnable::run)
            .expireAfter(
                Expiry.<TokenHash, VerifiedToken>creating((hash, token) -> shorter(longest, token)))
            .build();
  }

  private Duration shorter(Duration longest, VerifiedToken token) {
    Duration left = Duration.between(clock.instant(), token.expiresAt());
    return left.compareTo(longest) < 0 ? left : longest;
  }

  @Nullable VerifiedToken find(TokenHash hash) {
    return tokens.getIfPresent(hash);
  }

  void remember(VerifiedToken token) {
    tokens.put(token.hash(), token);
  }

  /** Forgets one token, whoever verified it. */
  public void forget(TokenHash hash) {
    tokens.invalidate(hash);
  }

  void forgetIf(Predicate<VerifiedToken> wrong) {
    tokens.asMap().values().removeIf(wrong);
  }
}
