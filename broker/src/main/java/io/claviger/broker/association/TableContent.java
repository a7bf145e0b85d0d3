package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevokedSubject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The content of a table: associations, revocations, and the applied position of each cluster's
 * log. One thread writes. Any thread may read at any time: single values without a lock, the whole
 * as a snapshot.
 */
final class TableContent {

  private final Map<AssociationKey, Association> associations = new ConcurrentHashMap<>();
  private final AssociationIndex index = new AssociationIndex();
  private final Revocations revocations = new Revocations();
  private final Map<String, Position> positions = new ConcurrentHashMap<>();
  // Changes are made under the lock, so that a snapshot has both an association and its position,
  // or neither.
  private final Object lock = new Object();
  private long version;
  private volatile @Nullable Known known;

  /** A change of one association. */
  record Change(AssociationKey key, Optional<Association> before, Optional<Association> after) {}

  /** The changes that another table's content has made here. */
  record Replaced(List<Change> changes, List<Revocation> made, List<Revocation> lifted) {}

  /** A snapshot with the number of changes before it. */
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

  Revocations revocations() {
    return revocations;
  }

  AssociationIndex index() {
    return index;
  }

  /** Returns a cluster's associations in order. */
  List<Association> inCluster(String cluster) {
    return List.copyOf(index.after(cluster, AssociationIndex.Cursor.START));
  }

  /** Returns a cluster's content at one moment. */
  ClusterView view(String cluster) {
    synchronized (lock) {
      return new ClusterView(inCluster(cluster), position(cluster));
    }
  }

  int size() {
    return associations.size();
  }

  Set<AssociationKey> keys() {
    return Set.copyOf(associations.keySet());
  }

  /**
   * Writes the association first and the position last: a reader that sees the position sees the
   * association.
   */
  Change move(AssociationKey key, Optional<Association> after, Position position) {
    synchronized (lock) {
      Change change = put(key, after);
      positions.put(key.cluster(), position);
      version++;
      return change;
    }
  }

  void revoke(Revocation revocation, Position position) {
    synchronized (lock) {
      revocations.put(revocation);
      positions.put(revocation.cluster(), position);
      version++;
    }
  }

  /** Lifts a revocation; empty if there is none. */
  Optional<Revocation> restore(String cluster, RevokedSubject subject, Position position) {
    synchronized (lock) {
      Revocation lifted = revocations.remove(cluster, subject);
      positions.put(cluster, position);
      version++;
      return Optional.ofNullable(lifted);
    }
  }

  /** Moves the position of a cluster's log. */
  void head(String cluster, Position position) {
    synchronized (lock) {
      positions.put(cluster, position);
      version++;
    }
  }

  /** Replaces the content with the snapshot's, revocations first. */
  Replaced replace(TableSnapshot snapshot) {
    synchronized (lock) {
      Set<Revocation> lifted = new HashSet<>(revocations.all());
      List<Revocation> made =
          snapshot.revocations().stream().filter(one -> !lifted.contains(one)).toList();
      snapshot.revocations().forEach(lifted::remove);
      lifted.forEach(one -> revocations.remove(one.cluster(), one.subject()));
      made.forEach(revocations::put);
      List<Change> changes = replaceAssociations(snapshot.associations());
      positions.putAll(snapshot.positions());
      version++;
      return new Replaced(changes, made, List.copyOf(lifted));
    }
  }

  private List<Change> replaceAssociations(List<Association> with) {
    List<Change> changes = new ArrayList<>();
    Set<AssociationKey> gone = new HashSet<>(associations.keySet());
    for (Association association : with) {
      gone.remove(association.key());
      if (!association.equals(associations.get(association.key()))) {
        changes.add(put(association.key(), Optional.of(association)));
      }
    }
    gone.forEach(key -> changes.add(put(key, Optional.empty())));
    return changes;
  }

  private Change put(AssociationKey key, Optional<Association> after) {
    Association before =
        after.isPresent() ? associations.put(key, after.get()) : associations.remove(key);
    index.replace(Optional.ofNullable(before), after);
    return new Change(key, Optional.ofNullable(before), after);
  }

  /** Returns the whole content at one moment; a new snapshot is made only after a change. */
  TableSnapshot snapshot() {
    Known last = known;
    List<Association> all;
    List<Revocation> revoked;
    Map<String, Position> at;
    long now;
    synchronized (lock) {
      now = version;
      if (last != null && last.version() == now) {
        return last.snapshot();
      }
      all = List.copyOf(associations.values());
      revoked = revocations.all();
      at = Map.copyOf(positions);
    }
    TableSnapshot snapshot = TableSnapshot.of(all, revoked, at);
    known = new Known(now, snapshot);
    return snapshot;
  }
}
