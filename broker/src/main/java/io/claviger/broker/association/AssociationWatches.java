package io.claviger.broker.association;

import io.claviger.broker.association.AssociationWatch.Scope;
import io.claviger.broker.association.ChangeHistory.Read;
import io.claviger.broker.association.ReadBarrier.Reach;
import io.claviger.schemas.association.Position;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where watches begin: with what the table says, or where somebody had come to. Thread-safe. */
public final class AssociationWatches {

  private final AssociationTable table;
  private final ChangeHistory history;
  private final ReadBarrier readBarrier;

  /**
   * Watches of a table.
   *
   * @param history listens to that table
   */
  public AssociationWatches(
      AssociationTable table, ChangeHistory history, ReadBarrier readBarrier) {
    this.table = table;
    this.history = history;
    this.readBarrier = readBarrier;
  }

  /** How a watch has begun. */
  public sealed interface Start {
    /** It can be read from. */
    record Begun(AssociationWatch watch) implements Start {}

    /** What has changed since that position is not known: begin without one. */
    record Expired() implements Start {}

    /** This broker has not come that far yet: ask again. */
    record Behind() implements Start {}
  }

  /**
   * Begins one. Waits, at most 2 s, for the table to be as new as the log, unless it has what was
   * seen already. Never fails.
   *
   * @param seen where the watcher had come to; nothing when it begins
   */
  public CompletionStage<Start> begin(Scope scope, Optional<Position> seen) {
    if (seen.isPresent() && table.caughtUp() && reached(scope, seen.get())) {
      return CompletableFuture.completedFuture(resumed(scope, seen.get()));
    }
    return readBarrier
        .reach(scope.cluster(), ReadBarrier.FOR_OPERATORS)
        .exceptionally(failure -> Reach.LATE)
        .thenApply(
            reach ->
                seen.map(at -> resumed(scope, at, reach)).orElseGet(() -> fresh(scope, reach)));
  }

  private Start fresh(Scope scope, Reach reach) {
    return table.isCurrentAfter(reach)
        ? new Start.Begun(AssociationWatch.from(scope, history, table.view(scope.cluster())))
        : new Start.Behind();
  }

  private Start resumed(Scope scope, Position seen, Reach reach) {
    if (reached(scope, seen)) {
      return table.isCurrentAfter(reach) || table.caughtUp()
          ? resumed(scope, seen)
          : new Start.Behind();
    }
    // The whole log does not reach that far: it was another one, before somebody put it back.
    return reach == Reach.REACHED ? new Start.Expired() : new Start.Behind();
  }

  private Start resumed(Scope scope, Position seen) {
    Position now = table.position(scope.cluster());
    boolean ofThisLog = seen.equals(Position.NONE) || seen.epoch() == now.epoch();
    return ofThisLog && history.after(scope.cluster(), seen) instanceof Read.Changes
        ? new Start.Begun(AssociationWatch.after(scope, history, seen))
        : new Start.Expired();
  }

  private boolean reached(Scope scope, Position seen) {
    return table.position(scope.cluster()).isAtLeast(seen);
  }
}
