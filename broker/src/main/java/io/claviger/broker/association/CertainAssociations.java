package io.claviger.broker.association;

import io.claviger.broker.association.LogEnd.Reach;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Answers from the table; asks for the log's end only before an answer that the table alone does
 * not make certain: that there is none, or when the asker has seen more. Says that it is behind
 * while the table is too old.
 */
public final class CertainAssociations implements Associations, CatchUp {

  private final AssociationTable table;
  private final LogEnd logEnd;
  private final TableAge age;

  /** Answers however old the table is. */
  public CertainAssociations(AssociationTable table, LogEnd logEnd) {
    this(table, logEnd, TableAge.unbounded());
  }

  public CertainAssociations(AssociationTable table, LogEnd logEnd, TableAge age) {
    this.table = table;
    this.logEnd = logEnd;
    this.age = age;
  }

  @Override
  public CompletionStage<Lookup> find(AssociationKey key, Position atLeast) {
    Position position = table.position(key.cluster());
    if (age.tooOld()) {
      return CompletableFuture.completedFuture(new Lookup.Behind(position));
    }
    Optional<Association> found = table.current(key);
    if (found.isPresent() && position.reaches(atLeast) && table.caughtUp()) {
      return CompletableFuture.completedFuture(new Lookup.Found(found.get(), position));
    }
    return logEnd
        .reach(key.cluster(), LogEnd.FOR_PODS)
        .exceptionally(failure -> Reach.LATE)
        .thenApply(reach -> answer(key, atLeast, reach));
  }

  @Override
  public CompletionStage<Boolean> reach(String cluster, Position atLeast) {
    if (age.tooOld() || reached(cluster, atLeast)) {
      return CompletableFuture.completedFuture(!age.tooOld());
    }
    return logEnd
        .reach(cluster, LogEnd.FOR_PODS)
        .exceptionally(failure -> Reach.LATE)
        .thenApply(reach -> reached(cluster, atLeast));
  }

  private boolean reached(String cluster, Position atLeast) {
    return table.caughtUp() && table.position(cluster).reaches(atLeast);
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
    // Read first: an association may be newer than the position it is told with, never older.
    Position position = table.position(key.cluster());
    boolean certain =
        switch (reach) {
          case REACHED -> true;
          case LATE -> false;
          case AWAY -> table.caughtUp();
        };
    Optional<Association> found = table.current(key);
    if (!position.reaches(atLeast) || !(certain || (found.isPresent() && table.caughtUp()))) {
      return new Lookup.Behind(position);
    }
    return found
        .<Lookup>map(association -> new Lookup.Found(association, position))
        .orElseGet(() -> new Lookup.Absent(position));
  }
}
