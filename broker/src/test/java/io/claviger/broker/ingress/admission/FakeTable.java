package io.claviger.broker.ingress.admission;

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

/** A table with one association. The table can be behind, or never answer. */
final class FakeTable implements Associations {

  static final Association CART =
      new Association(
          "a-cart",
          "prod",
          new AssociationSpec(
              "shop",
              "cart",
              "arn:aws:iam::123456789012:role/pods/cart",
              null,
              false,
              null,
              Map.of()),
          "key/admin",
          2,
          Instant.EPOCH,
          Instant.EPOCH);

  volatile boolean behind;
  volatile boolean silent;

  @Override
  public CompletionStage<Lookup> find(AssociationKey key, Position atLeast) {
    if (silent) {
      return new CompletableFuture<>();
    }
    return CompletableFuture.completedFuture(
        behind
            ? new Lookup.Behind(Position.NONE)
            : current(key)
                .<Lookup>map(found -> new Lookup.Found(found, Position.NONE))
                .orElseGet(() -> new Lookup.Absent(Position.NONE)));
  }

  @Override
  public Optional<Association> current(AssociationKey key) {
    return key.equals(CART.key()) ? Optional.of(CART) : Optional.empty();
  }

  @Override
  public Position position(String cluster) {
    return Position.NONE;
  }
}
