package io.claviger.broker.issuance;

import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The brokers' shared map, in memory; a test can delay writes. */
final class FakeStore implements SessionStore {
  final Map<SessionKey, SessionCredentials> shared = new ConcurrentHashMap<>();
  final List<Map<SessionKey, SessionCredentials>> puts =
      Collections.synchronizedList(new ArrayList<>());

  /** Its completion lets waiting writes take effect. */
  CompletableFuture<Void> writable = CompletableFuture.completedFuture(null);

  @Override
  public Optional<SessionCredentials> find(SessionKey key) {
    return Optional.ofNullable(shared.get(key));
  }

  @Override
  public CompletionStage<Void> putAll(Map<SessionKey, SessionCredentials> sessions) {
    puts.add(sessions);
    return writable.thenRun(() -> shared.putAll(sessions));
  }

  @Override
  public CompletionStage<Boolean> dropOtherRevisions(String associationId, OptionalLong kept) {
    return writable.thenApply(
        nothing ->
            shared
                .keySet()
                .removeIf(
                    key ->
                        key.associationId().equals(associationId)
                            && (kept.isEmpty() || kept.getAsLong() != key.revision())));
  }
}
