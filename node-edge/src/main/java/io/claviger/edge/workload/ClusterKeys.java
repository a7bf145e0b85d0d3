package io.claviger.edge.workload;

import io.claviger.config.trust.ServiceAccountTokenVerifier;
import io.claviger.config.trust.TokenKeys;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.bus.PublishedKeys;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The keys of this node's cluster as brokers publish them. The last usable set stays until a newer
 * one replaces it; an older or unreadable one never does. Thread-safe.
 */
public final class ClusterKeys {

  private record Current(Instant fetchedAt, TokenKeys keys, ServiceAccountTokenVerifier verifier) {}

  private final InstantSource clock;
  private final AtomicReference<@Nullable Current> current = new AtomicReference<>();

  public ClusterKeys(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Accepts a published set, unless a newer one is cached.
   *
   * @return whether it was accepted
   * @throws IllegalArgumentException if it has no usable key; the cached one stays
   */
  public boolean accept(PublishedKeys published) {
    TokenKeys keys = TokenKeys.parse(published.jwks());
    // A broker whose clock runs ahead must not block the other brokers' sets for good.
    Instant now = clock.instant();
    Instant fetchedAt = published.fetchedAt().isAfter(now) ? now : published.fetchedAt();
    Current offered =
        new Current(
            fetchedAt,
            keys,
            new ServiceAccountTokenVerifier(
                published.cluster(), published.issuer(), published.audience(), () -> keys));
    Current winner = current.accumulateAndGet(offered, ClusterKeys::newer);
    return offered.equals(winner);
  }

  private static @Nullable Current newer(@Nullable Current current, @Nullable Current offered) {
    return current == null || offered == null || !offered.fetchedAt().isBefore(current.fetchedAt())
        ? offered
        : current;
  }

  /**
   * Verifies a token. Without keys it still checks form and time and returns that the key is
   * unknown.
   */
  TokenVerification verify(String token, Instant now) {
    Current keys = current.get();
    return keys == null
        ? withoutKeys(token).verify(token, now)
        : keys.verifier().verify(token, now);
  }

  private static ServiceAccountTokenVerifier withoutKeys(String token) {
    String claimed = ServiceAccountTokenVerifier.claimedIssuer(token).orElse("");
    return new ServiceAccountTokenVerifier("unknown", claimed, "unknown", () -> TokenKeys.NONE);
  }

  /** Whether the cached set has this key. */
  boolean has(@Nullable String keyId) {
    Current now = current.get();
    return keyId != null && now != null && now.keys().keyIds().contains(keyId);
  }

  /** Returns when a broker fetched the cached set; empty if there is none. */
  public Optional<Instant> fetchedAt() {
    return Optional.ofNullable(current.get()).map(Current::fetchedAt);
  }
}
