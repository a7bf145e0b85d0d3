package io.claviger.broker.issuance;

import io.claviger.broker.association.Associations;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** An in-memory table that never waits to catch up. */
final class FakeAssociations implements Associations {
  private final Map<AssociationKey, Association> table = new ConcurrentHashMap<>();
  private volatile Position position = Position.NONE;

  /** Applies a change and returns the previous association. */
  Optional<Association> put(Association association) {
    position = position.next();
    return Optional.ofNullable(table.put(association.key(), association));
  }

  void remove(AssociationKey key) {
    position = position.next();
    table.remove(key);
  }

  @Override
  public CompletionStage<Lookup> find(AssociationKey key, Position atLeast) {
    Lookup lookup =
        !position.isAtLeast(atLeast)
            ? new Lookup.Behind(position)
            : current(key)
                .<Lookup>map(found -> new Lookup.Found(found, position))
                .orElseGet(() -> new Lookup.Absent(position));
    return CompletableFuture.completedFuture(lookup);
  }

  @Override
  public Optional<Association> current(AssociationKey key) {
    return Optional.ofNullable(table.get(key));
  }

  @Override
  public Position position(String cluster) {
    return position;
  }
}
