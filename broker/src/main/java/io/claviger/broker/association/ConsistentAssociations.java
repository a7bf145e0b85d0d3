package io.claviger.broker.association;

import io.claviger.broker.association.ReadBarrier.Reach;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Answers from the table. Two answers first require the log's end: "absent", and any answer if the
 * requester has seen a later position. If the table is too old, the answer is "behind".
 */
public final class ConsistentAssociations implements Associations, CatchUp {

  private final AssociationTable table;
  private final ReadBarrier readBarrier;
  private final TableAge age;

  public ConsistentAssociations(AssociationTable table, ReadBarrier readBarrier, TableAge age) {
    this.table = table;
    this.readBarrier = readBarrier;
    this.age = age;
  }

  @Override
  public CompletionStage<Lookup> find(AssociationKey key, Position atLeast) {
    Position position = table.position(key.cluster());
    if (age.tooOld()) {
      return CompletableFuture.completedFuture(new Lookup.Behind(position));
    }
    Optional<Association> found = table.current(key);
    if (found.isPresent() && position.isAtLeast(atLeast) && table.caughtUp()) {
      return CompletableFuture.completedFuture(new Lookup.Found(found.get(), position));
    }
    return readBarrier
        .reach(key.cluster(), ReadBarrier.FOR_PODS)
        .exceptionally(failure -> Reach.LATE)
        .thenApply(reach -> answer(key, atLeast, reach));
  }

  @Override
  public CompletionStage<Boolean> reach(String cluster, Position atLeast) {
    if (age.tooOld() || reached(cluster, atLeast)) {
      return CompletableFuture.completedFuture(!age.tooOld());
    }
    return readBarrier
        .reach(cluster, ReadBarrier.FOR_PODS)
        .exceptionally(failure -> Reach.LATE)
        .thenApply(reach -> reached(cluster, atLeast));
  }

  private boolean reached(String cluster, Position atLeast) {
    return table.caughtUp() && table.position(cluster).isAtLeast(atLeast);
  }

  @Override
  public Optional<Association> current(AssociationKey key) {
    return table.current(key);
  }

  @Override
  public Position position(String cluster) {
    return table.position(cluster);
  }

  private Lookup answer(AssociationKey key, Position atLeast, Reach reach) {
    // The position is read first: the association may be newer than the position returned with it,
    // never older.
    Position position = table.position(key.cluster());
    boolean current = table.isCurrentAfter(reach);
    Optional<Association> found = table.current(key);
    if (!position.isAtLeast(atLeast) || !(current || (found.isPresent() && table.caughtUp()))) {
      return new Lookup.Behind(position);
    }
    return found
        .<Lookup>map(association -> new Lookup.Found(association, position))
        .orElseGet(() -> new Lookup.Absent(position));
  }
}
