package io.claviger.broker.app;

import io.claviger.broker.association.Associations;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.Position;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Associates every service account with the same role; only for the warm-up. */
record StubAssociations(String roleArn, Instant since, Position at) implements Associations {

  @Override
  public CompletionStage<Lookup> find(AssociationKey key, Position atLeast) {
    return CompletableFuture.completedStage(new Lookup.Found(association(key), at));
  }

  @Override
  public Optional<Association> current(AssociationKey key) {
    return Optional.of(association(key));
  }

  @Override
  public Position position(String cluster) {
    return at;
  }

  private Association association(AssociationKey key) {
    return new Association(
        "a-" + key.serviceAccount(),
        key.cluster(),
        new AssociationSpec(
            key.namespace(), key.serviceAccount(), roleArn, null, false, null, Map.of()),
        "warm-up",
        1,
        since,
        since);
  }
}
