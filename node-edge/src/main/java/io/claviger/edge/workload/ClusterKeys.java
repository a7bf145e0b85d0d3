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
 * The keys of this node's cluster as brokers publish them. The last good set is kept for as long as
 * it takes; an older or unreadable one never replaces it. Thread-safe.
 */
public final class ClusterKeys {

  private record Current(Instant fetchedAt, TokenKeys keys, ServiceAccountTokenVerifier verifier) {}

  private final InstantSource clock;
  private final AtomicReference<@Nullable Current> current = new AtomicReference<>();

  public ClusterKeys(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Takes a published set, unless a newer one is cached.
   *
   * @return whether it was taken
   * @throws IllegalArgumentException when it holds no usable key; what was cached is kept
   */
  public boolean accept(PublishedKeys published) {
    TokenKeys keys = TokenKeys.parse(published.jwks());
    // A broker's clock that runs ahead must not shut out the other brokers' sets for good.
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

  /** Verifies a token; without keys form and time are still checked, and the rest is unknown. */
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

  /** Whether the set that is cached has this key. */
  boolean has(@Nullable String keyId) {
    Current now = current.get();
    return keyId != null && now != null && now.keys().keyIds().contains(keyId);
  }

  /** When a broker fetched the set that is cached; empty while none is. */
  public Optional<Instant> fetchedAt() {
    return Optional.ofNullable(current.get()).map(Current::fetchedAt);
  }
}
