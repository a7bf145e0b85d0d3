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
 * Caches verified tokens by hash until they expire, but at most for a given time. Also caches what
 * invalidates a token that looks right: the refusal of a broker, and the deletion of its pod.
 * Bounded; thread-safe.
 */
public final class TokenMemory {

  /** No pod token lives longer. */
  private static final Duration LONGEST_LIFE = Duration.ofHours(24);

  private final InstantSource clock;
  private final Cache<TokenHash, VerifiedToken> tokens;
  private final Cache<TokenHash, Boolean> suspect;
  private final Cache<String, Boolean> deletedPods;

  /**
   * Starts empty.
   *
   * @param size how many tokens are cached, of each kind
   * @param longest how long a token is cached at most
   * @param clock decides whether a token has expired
   * @param ticker measures how long it has been cached
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
      // The pod was deleted meanwhile.
      tokens.invalidate(token.hash());
    }
  }

  void forget(TokenHash hash) {
    tokens.invalidate(hash);
  }

  /**
   * Drops a token that a broker refused; this edge leaves it to the brokers until one accepts it.
   */
  void suspect(TokenHash hash) {
    suspect.put(hash, true);
    tokens.invalidate(hash);
  }

  /** Records that a broker accepts the token. */
  void trust(TokenHash hash) {
    suspect.invalidate(hash);
  }

  boolean isSuspect(TokenHash hash) {
    return suspect.getIfPresent(hash) != null;
  }

  /** Drops the tokens of a deleted pod for good. */
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
