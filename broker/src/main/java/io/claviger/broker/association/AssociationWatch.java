package io.claviger.broker.association;

import io.claviger.broker.association.ChangeHistory.Read;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a cluster's changes without gaps and without duplicates. Its only state is a position. Not
 * thread-safe.
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
   * @param namespace only this namespace
   * @param serviceAccount only service accounts of this name
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

  /**
   * Returns whether the watch resumes from a position that the client had reached. {@link #first}
   * is empty then.
   */
  public boolean resumed() {
    return resumed;
  }

  /** Returns the associations at the start of the watch, at the {@link #position} of the start. */
  public List<Association> first() {
    return first;
  }

  /** Returns the position up to which the watch has read everything. */
  public Position position() {
    return position;
  }

  /** Returns the changes since the position, and advances the position. */
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

  /**
   * Listens as {@link ChangeHistory#listen} does. Earlier changes cause no call: read once after
   * this.
   */
  public Runnable listen(Runnable more) {
    return history.listen(scope.cluster(), more);
  }
}
