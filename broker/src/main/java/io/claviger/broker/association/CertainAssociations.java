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
 * not make certain: that there is none, or when the asker has seen more.
 */
public final class CertainAssociations implements Associations {

  private final AssociationTable table;
  private final LogEnd logEnd;

  public CertainAssociations(AssociationTable table, LogEnd logEnd) {
    this.table = table;
    this.logEnd = logEnd;
  }

  @Override
  public CompletionStage<Lookup> find(AssociationKey key, Position atLeast) {
    Position position = table.position(key.cluster());
    Optional<Association> found = table.current(key);
    if (found.isPresent() && position.reaches(atLeast) && table.caughtUp()) {
      return CompletableFuture.completedFuture(new Lookup.Found(found.get(), position));
    }
    return logEnd
        .reach(key.cluster())
        .exceptionally(failure -> Reach.LATE)
        .thenApply(reach -> answer(key, atLeast, reach));
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
