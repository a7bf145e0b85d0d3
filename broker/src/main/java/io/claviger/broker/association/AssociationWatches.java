package io.claviger.broker.association;

import io.claviger.broker.association.AssociationWatch.Scope;
import io.claviger.broker.association.ChangeHistory.Read;
import io.claviger.broker.association.ReadBarrier.Reach;
import io.claviger.schemas.association.Position;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Starts watches: from the table's current content, or from a position that the client had reached.
 * Thread-safe.
 */
public final class AssociationWatches {

  private final AssociationTable table;
  private final ChangeHistory history;
  private final ReadBarrier readBarrier;

  /**
   * Starts watches of a table.
   *
   * @param history must be a listener of that table
   */
  public AssociationWatches(
      AssociationTable table, ChangeHistory history, ReadBarrier readBarrier) {
    this.table = table;
    this.history = history;
    this.readBarrier = readBarrier;
  }

  /** The result of starting a watch. */
  public sealed interface Start {
    /** The watch can be read. */
    record Begun(AssociationWatch watch) implements Start {}

    /** The changes since that position are unknown: start without a position. */
    record Expired() implements Start {}

    /** This broker has not reached that position yet: retry. */
    record Behind() implements Start {}
  }

  /**
   * Starts a watch. Waits up to 2 s for the table to be as new as the log, unless it has already
   * reached {@code seen}. Never fails.
   *
   * @param seen the position that the client had reached; empty for a new watch
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
    // Even the whole log does not reach that position: it belongs to a log from before a restore.
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
