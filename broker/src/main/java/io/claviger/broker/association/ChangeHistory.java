package io.claviger.broker.association;

import io.claviger.schemas.association.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;

/**
 * The last changes of each cluster, for watches. Each watch reads from its own position, so the
 * history keeps no state per watch. Must be registered as a listener of this broker's table.
 * Thread-safe.
 */
public final class ChangeHistory implements AssociationListener {

  /** How many changes of a cluster are kept by default. */
  public static final int KEPT = 1_000;

  private final int kept;
  private final Map<String, Recent> clusters = new ConcurrentHashMap<>();

  /** Keeps this many changes of each cluster. */
  public ChangeHistory(int kept) {
    this.kept = kept;
  }

  /** The changes after a position. */
  public sealed interface Read {
    /** All changes, in the log's order. */
    record Changes(List<ObservedChange> changes) implements Read {}

    /**
     * The changes are unknown: evicted, or never read. The client needs a new view of the cluster.
     */
    record Expired() implements Read {}
  }

  /** The recent changes of one cluster. */
  private static final class Recent {
    final Set<Runnable> listeners = new CopyOnWriteArraySet<>();
    private final Deque<ObservedChange> changes = new ArrayDeque<>();
    private Position minPosition = Position.NONE;

    synchronized void add(List<ObservedChange> more, int kept) {
      changes.addAll(more);
      while (changes.size() > kept) {
        minPosition = changes.removeFirst().position();
      }
    }

    /** Restarts the history at a position. The changes that led to it are unknown. */
    synchronized void begin(Position from) {
      changes.clear();
      minPosition = minPosition.compareTo(from) > 0 ? minPosition : from;
    }

    synchronized Read after(Position position) {
      if (!position.isAtLeast(minPosition)) {
        return new Read.Expired();
      }
      List<ObservedChange> later = new ArrayList<>();
      Iterator<ObservedChange> backwards = changes.descendingIterator();
      while (backwards.hasNext()) {
        ObservedChange change = backwards.next();
        if (position.isAtLeast(change.position())) {
          break;
        }
        later.add(change);
      }
      return new Read.Changes(later.reversed());
    }
  }

  /** Returns a cluster's changes after a position, as far as the table has reported them. */
  public Read after(String cluster, Position position) {
    return of(cluster).after(position);
  }

  /**
   * Calls {@code more} on the table's thread after every change of a cluster.
   *
   * @param more must return at once
   * @return removes the listener
   */
  public Runnable listen(String cluster, Runnable more) {
    Set<Runnable> listeners = of(cluster).listeners;
    listeners.add(more);
    return () -> listeners.remove(more);
  }

  @Override
  public void applied(TableChange change) {
    Recent recent = of(change.key().cluster());
    Position position = change.position();
    if (position.equals(change.follows())) {
      // No log entry carries this change. A watch at that position may have seen the state before
      // or after it.
      recent.begin(position.next());
    } else if (!position.isRightAfter(change.follows())) {
      recent.begin(position);
    } else {
      recent.add(ObservedChange.of(change.before(), change.after(), position).toList(), kept);
    }
    recent.listeners.forEach(Runnable::run);
  }

  @Override
  public void missed(String cluster, Position position) {
    Recent recent = of(cluster);
    recent.begin(position);
    recent.listeners.forEach(Runnable::run);
  }

  private Recent of(String cluster) {
    return clusters.computeIfAbsent(cluster, name -> new Recent());
  }
}
