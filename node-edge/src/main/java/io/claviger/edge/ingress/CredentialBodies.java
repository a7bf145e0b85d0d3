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
 * The answer 200 of the container-credentials protocol, rendered once for each session. JavaScript
 * wants the literal {@code Z} in {@code Expiration}, Go the exact content type. Thread-safe.
 */
final class CredentialBodies {

  /** Longer than it takes from one pod to the next where many ask; rendering takes microseconds. */
  private static final Duration KEPT = Duration.ofSeconds(10);

  /**
   * By identity: a body lives no longer than its session is cached. Nobody says when a session is
   * forgotten, and of keys that are gone the cache hears when the next body is rendered: so that
   * what was revoked does not stay in memory until then, a body also goes when nobody asks for it.
   */
  private final Cache<SessionCredentials, Buffer> bodies;

  CredentialBodies(int size) {
    this(size, Ticker.systemTicker(), Scheduler.systemScheduler());
  }

  /** The same, by another clock; the scheduler has what is due removed. */
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

  /** How many are in memory. */
  long size() {
    return bodies.estimatedSize();
  }

  Buffer of(SessionCredentials credentials) {
    return bodies.get(credentials, CredentialBodies::render);
  }

  static Buffer render(SessionCredentials credentials) {
    return Buffer.buffer(SchemaJson.writeBytes(Body.of(credentials)));
  }

  /** The answer, in AWS's order. */
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
