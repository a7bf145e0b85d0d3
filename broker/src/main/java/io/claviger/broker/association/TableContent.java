package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a table holds: associations, and how far each cluster's log has been applied. One thread
 * changes it; everybody may read at any time, single values without a lock, all of it as a
 * snapshot.
 */
final class TableContent {

  private final Map<AssociationKey, Association> associations = new ConcurrentHashMap<>();
  private final Map<String, Position> positions = new ConcurrentHashMap<>();
  // Changes are made under the lock, so that a snapshot has an association and its position, or
  // neither.
  private final Object lock = new Object();
  private long version;
  private volatile @Nullable Known known;

  /** One association that has changed. */
  record Change(AssociationKey key, Optional<Association> before, Optional<Association> after) {}

  /** A snapshot, and how many changes there had been. */
  private record Known(long version, TableSnapshot snapshot) {}

  Optional<Association> current(AssociationKey key) {
    return Optional.ofNullable(associations.get(key));
  }

  Position position(String cluster) {
    return positions.getOrDefault(cluster, Position.NONE);
  }

  Map<String, Position> positions() {
    return Map.copyOf(positions);
  }

  int size() {
    return associations.size();
  }

  Set<AssociationKey> keys() {
    return Set.copyOf(associations.keySet());
  }

  /** The association first, the position last: who sees the position sees the association. */
  Change move(AssociationKey key, Optional<Association> after, Position position) {
    synchronized (lock) {
      Change change = put(key, after);
      positions.put(key.cluster(), position);
      version++;
      return change;
    }
  }

  /** The cluster's log goes on from there. */
  void head(String cluster, Position position) {
    synchronized (lock) {
      positions.put(cluster, position);
      version++;
    }
  }

  /** Holds what the snapshot holds, and nothing else. */
  List<Change> replace(TableSnapshot snapshot) {
    synchronized (lock) {
      List<Change> changes = new ArrayList<>();
      Set<AssociationKey> gone = new HashSet<>(associations.keySet());
      for (Association association : snapshot.associations()) {
        gone.remove(association.key());
        if (!association.equals(associations.get(association.key()))) {
          changes.add(put(association.key(), Optional.of(association)));
        }
      }
      gone.forEach(key -> changes.add(put(key, Optional.empty())));
      positions.putAll(snapshot.positions());
      version++;
      return changes;
    }
  }

  private Change put(AssociationKey key, Optional<Association> after) {
    Association before =
        after.isPresent() ? associations.put(key, after.get()) : associations.remove(key);
    return new Change(key, Optional.ofNullable(before), after);
  }

  /** All of it at one moment; made anew only when something has changed since the last one. */
  TableSnapshot snapshot() {
    Known last = known;
    List<Association> all;
    Map<String, Position> at;
    long now;
    synchronized (lock) {
      now = version;
      if (last != null && last.version() == now) {
        return last.snapshot();
      }
      all = List.copyOf(associations.values());
      at = Map.copyOf(positions);
    }
    TableSnapshot snapshot = TableSnapshot.of(all, at);
    known = new Known(now, snapshot);
    return snapshot;
  }
}
