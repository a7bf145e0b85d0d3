package io.claviger.broker.app;

import io.claviger.broker.issuance.SessionStore;
import io.claviger.config.cluster.Sealer;
import io.claviger.config.cluster.Unsealed;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Seals sessions and keeps them in a replicated map, like the broker's own store. The map is a
 * separate one, with keys of this broker only, so that brokers that start together do not find each
 * other's sessions.
 */
final class StubSessionStore implements SessionStore {

  private final Values map;
  private final String nodeId;
  private final Sealer sealer;
  private final InstantSource clock;

  /** Sealed sessions by their keys. */
  record Values(Function<String, byte @Nullable []> find, BiConsumer<String, byte[]> put) {}

  StubSessionStore(Values map, String nodeId, Sealer sealer, InstantSource clock) {
    this.map = map;
    this.nodeId = nodeId;
    this.sealer = sealer;
    this.clock = clock;
  }

  @Override
  public Optional<SessionCredentials> find(SessionKey key) {
    String text = text(key);
    byte[] sealed = map.find().apply(text);
    return sealed != null
            && sealer.unseal(text, sealed, clock.instant()) instanceof Unsealed.Opened(var plain)
        ? Optional.of(SchemaJson.read(plain, SessionCredentials.class))
        : Optional.empty();
  }

  @Override
  public CompletionStage<Void> putAll(Map<SessionKey, SessionCredentials> sessions) {
    sessions.forEach(
        (key, session) -> {
          String text = text(key);
          map.put()
              .accept(
                  text, sealer.seal(text, SchemaJson.writeBytes(session), session.expiration()));
        });
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Boolean> dropOtherRevisions(String associationId, OptionalLong kept) {
    return CompletableFuture.completedStage(false);
  }

  private String text(SessionKey key) {
    return nodeId + " " + key.text();
  }
}
