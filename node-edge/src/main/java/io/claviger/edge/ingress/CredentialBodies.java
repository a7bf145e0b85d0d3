package io.claviger.edge.ingress;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.schemas.bus.SessionCredentials;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * The answer 200 of the container-credentials protocol, rendered once for each session. JavaScript
 * wants the literal {@code Z} in {@code Expiration}, Go the exact content type. Thread-safe.
 */
final class CredentialBodies {

  /** By identity: a body lives as long as its session is cached. */
  private final Cache<SessionCredentials, Buffer> bodies;

  CredentialBodies(int size) {
    this.bodies =
        Caffeine.newBuilder().weakKeys().maximumSize(size).executor(Runnable::run).build();
  }

  Buffer of(SessionCredentials credentials) {
    return bodies.get(credentials, CredentialBodies::render);
  }

  static Buffer render(SessionCredentials credentials) {
    return new JsonObject()
        .put("AccessKeyId", credentials.accessKeyId())
        .put("SecretAccessKey", credentials.secretAccessKey())
        .put("Token", credentials.sessionToken())
        .put("AccountId", credentials.accountId())
        .put("Expiration", credentials.expiration().toString())
        .toBuffer();
  }
}
