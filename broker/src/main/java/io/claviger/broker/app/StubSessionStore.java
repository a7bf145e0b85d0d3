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
import java.util.concurrent.ConcurrentHashMap;

/** Seals sessions as the replicated map has them, but keeps them in this process. */
final class StubSessionStore implements SessionStore {

  private final Map<String, byte[]> sealed = new ConcurrentHashMap<>();
  private final Sealer sealer;
  private final InstantSource clock;

  StubSessionStore(Sealer sealer, InstantSource clock) {
    this.sealer = sealer;
    this.clock = clock;
  }

  @Override
  public Optional<SessionCredentials> find(SessionKey key) {
    byte[] value = sealed.get(key.text());
    return value != null
            && sealer.unseal(key.text(), value, clock.instant())
                instanceof Unsealed.Opened(var plain)
        ? Optional.of(SchemaJson.read(plain, SessionCredentials.class))
        : Optional.empty();
  }

  @Override
  public CompletionStage<Void> putAll(Map<SessionKey, SessionCredentials> sessions) {
    sessions.forEach(
        (key, session) ->
            sealed.put(
                key.text(),
                sealer.seal(key.text(), SchemaJson.writeBytes(session), session.expiration())));
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Boolean> dropOtherRevisions(String associationId, OptionalLong kept) {
    return CompletableFuture.completedStage(false);
  }
}
