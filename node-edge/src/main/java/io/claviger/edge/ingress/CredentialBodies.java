package io.claviger.edge.ingress;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.bus.SessionCredentials;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;

/**
 * The 200 response of the container-credentials protocol, rendered once per session. JavaScript
 * needs the literal {@code Z} in {@code Expiration}, Go the exact content type. Thread-safe.
 */
final class CredentialBodies {

  /** Covers the gap between requests of many pods; rendering takes microseconds. */
  private static final Duration KEPT = Duration.ofSeconds(10);

  /**
   * Keyed by identity, so a body can be collected once its session is no longer cached. The session
   * cache sends no notice, and this cache removes collected keys only at its next access. The
   * expiry after access therefore removes the bodies of revoked sessions from memory.
   */
  private final Cache<SessionCredentials, Buffer> bodies;

  CredentialBodies(int size) {
    this(size, Ticker.systemTicker(), Scheduler.systemScheduler());
  }

  /** As the other constructor, with another clock; the scheduler removes expired bodies. */
  CredentialBodies(int size, Ticker ticker, Scheduler scheduler) {
    this.bodies =
        Caffeine.newBuilder()
            .weakKeys()
            .maximumSize(size)
            .expireAfterAccess(KEPT)
            .ticker(ticker)
            .scheduler(scheduler)
            .executor(Runnable::run)
            .build();
  }

  /** Returns how many bodies are in memory. */
  long size() {
    return bodies.estimatedSize();
  }

  Buffer of(SessionCredentials credentials) {
    return bodies.get(credentials, CredentialBodies::render);
  }

  static Buffer render(SessionCredentials credentials) {
    return Buffer.buffer(SchemaJson.writeBytes(Body.of(credentials)));
  }

  /** The body with its fields in AWS's order. */
  private record Body(
      @JsonProperty("AccessKeyId") String accessKeyId,
      @JsonProperty("SecretAccessKey") String secretAccessKey,
      @JsonProperty("Token") String token,
      @JsonProperty("AccountId") String accountId,
      @JsonProperty("Expiration") Instant expiration) {

    static Body of(SessionCredentials credentials) {
      return new Body(
          credentials.accessKeyId(),
          credentials.secretAccessKey(),
          credentials.sessionToken(),
          credentials.accountId(),
          credentials.expiration());
    }

    @Override
    public String toString() {
      return "Body[accessKeyId=" + accessKeyId + "]";
    }
  }
}
