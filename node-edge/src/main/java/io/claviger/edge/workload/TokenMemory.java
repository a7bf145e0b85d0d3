package io.claviger.edge.workload;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.config.trust.TokenHash;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Verified tokens, remembered by hash until they expire, at most for a given time; and what speaks
 * against tokens that look right: a broker's word, and that their pod is deleted. Bounded;
 * thread-safe.
 */
public final class TokenMemory {

  /** No token of a pod lives longer. */
  private static final Duration LONGEST_LIFE = Duration.ofHours(24);

  private final InstantSource clock;
  private final Cache<TokenHash, VerifiedToken> tokens;
  private final Cache<TokenHash, Boolean> suspect;
  private final Cache<String, Boolean> deletedPods;

  /**
   * An empty memory.
   *
   * @param size how many tokens are remembered, of each kind
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
    this.suspect = untilTokensEnd(size, ticker);
    this.deletedPods = untilTokensEnd(size, ticker);
  }

  private static <K> Cache<K, Boolean> untilTokensEnd(int size, Ticker ticker) {
    return Caffeine.newBuilder()
        .maximumSize(size)
        .ticker(ticker)
        .executor(Runnable::run)
        .expireAfterWrite(LONGEST_LIFE)
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
    if (isDeleted(token.workload().podUid())) {
      // Deleted meanwhile.
      tokens.invalidate(token.hash());
    }
  }

  void forget(TokenHash hash) {
    tokens.invalidate(hash);
  }

  /** Forgets a token that a broker refuses; it is nothing here until one takes it. */
  void suspect(TokenHash hash) {
    suspect.put(hash, true);
    tokens.invalidate(hash);
  }

  /** A broker takes it. */
  void trust(TokenHash hash) {
    suspect.invalidate(hash);
  }

  boolean isSuspect(TokenHash hash) {
    return suspect.getIfPresent(hash) != null;
  }

  /** Forgets the tokens of a pod, for good. */
  void deleted(String podUid) {
    deletedPods.put(podUid, true);
    forgetIf(token -> token.workload().podUid().equals(podUid));
  }

  boolean isDeleted(String podUid) {
    return deletedPods.getIfPresent(podUid) != null;
  }

  void forgetIf(Predicate<VerifiedToken> wrong) {
    tokens.asMap().values().removeIf(wrong);
  }
}
