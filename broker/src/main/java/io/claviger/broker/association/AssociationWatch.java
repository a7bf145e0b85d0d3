package io.claviger.broker.association;

import io.claviger.broker.association.ChangeHistory.Read;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's way through a cluster's changes, without holes and without repetitions. It holds
 * nothing but a position. Not thread-safe.
 */
public final class AssociationWatch {

  private final Scope scope;
  private final ChangeHistory history;
  private final List<Association> first;
  private final boolean resumed;
  private Position position;

  private AssociationWatch(
      Scope scope,
      ChangeHistory history,
      List<Association> first,
      boolean resumed,
      Position position) {
    this.scope = scope;
    this.history = history;
    this.first = first;
    this.resumed = resumed;
    this.position = position;
  }

  /**
   * What is watched.
   *
   * @param namespace only of it
   * @param serviceAccount only of that name
   */
  public record Scope(String cluster, @Nullable String namespace, @Nullable String serviceAccount) {

    boolean includes(Association association) {
      return isWanted(association.spec().namespace(), namespace)
          && isWanted(association.spec().serviceAccount(), serviceAccount);
    }

    private static boolean isWanted(String name, @Nullable String wanted) {
      return wanted == null || wanted.equals(name);
    }
  }

  static AssociationWatch from(Scope scope, ChangeHistory history, ClusterView view) {
    List<Association> first = view.associations().stream().filter(scope::includes).toList();
    return new AssociationWatch(scope, history, first, false, view.position());
  }

  static AssociationWatch after(Scope scope, ChangeHistory history, Position position) {
    return new AssociationWatch(scope, history, List.of(), true, position);
  }

  /** Whether it goes on from where somebody was; then there is nothing {@link #first}. */
  public boolean resumed() {
    return resumed;
  }

  /** What there was at the beginning, at the {@link #position} of the beginning. */
  public List<Association> first() {
    return first;
  }

  /** Up to where everything has been read. */
  public Position position() {
    return position;
  }

  /** What has changed since; moves the position on. */
  public Read next() {
    return switch (history.after(scope.cluster(), position)) {
      case Read.Expired expired -> expired;
      case Read.Changes(List<ObservedChange> changes) -> {
        if (!changes.isEmpty()) {
          position = changes.getLast().position();
        }
        yield new Read.Changes(
            changes.stream().filter(change -> scope.includes(change.association())).toList());
      }
    };
  }

  /** As {@link ChangeHistory#listen}; what came before is not told: read once after it. */
  public Runnable listen(Runnable more) {
    return history.listen(scope.cluster(), more);
  }
}
