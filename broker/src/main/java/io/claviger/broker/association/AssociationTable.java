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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All associations as the log says they are. One thread applies the log's entries, partition by
 * partition in their order; everybody may read at any time.
 *
 * <p>Positions make it idempotent: what a cluster's position has reached already is not applied
 * again, so a partition may be read once more from its beginning ({@link #restart}) while the table
 * is in use.
 */
public final class AssociationTable {

  private static final Logger LOG = LoggerFactory.getLogger(AssociationTable.class);

  private final Map<AssociationKey, Association> associations = new ConcurrentHashMap<>();
  private final Map<String, Position> positions = new ConcurrentHashMap<>();
  private final List<AssociationListener> listeners = new CopyOnWriteArrayList<>();
  private final Revocations revocations = new Revocations();
  private final List<RevocationListener> revocationListeners = new CopyOnWriteArrayList<>();
  private final AtomicIntegerArray caughtUp;
  // The applying thread's: where each cluster is read from, and what a reading has not met yet.
  private final List<Set<String>> clusters = new ArrayList<>();
  private final List<Set<AssociationKey>> unmet = new ArrayList<>();
  private final List<Set<Revocation>> unmetRevocations = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param partitions how many the log has
   */
  public AssociationTable(int partitions) {
    caughtUp = new AtomicIntegerArray(partitions);
    for (int i = 0; i < partitions; i++) {
      clusters.add(new HashSet<>());
      unmet.add(new HashSet<>());
      unmetRevocations.add(new HashSet<>());
    }
  }

  /** Adds a listener; it is told of changes from now on. */
  public void listen(AssociationListener listener) {
    listeners.add(listener);
  }

  /** Adds a listener; it is told of revocations from now on. */
  public void listenForRevocations(RevocationListener listener) {
    revocationListeners.add(listener);
  }

  /** From what credentials are withheld. */
  public Revocations revocations() {
    return revocations;
  }

  /** What the table says at this moment. */
  public Optional<Association> current(AssociationKey key) {
    return Optional.ofNullable(associations.get(key));
  }

  /** All associations of a cluster, in no order; takes as long as there are any of all. */
  public List<Association> inCluster(String cluster) {
    return associations.values().stream().filter(a -> a.cluster().equals(cluster)).toList();
  }

  /** How far a cluster's log has been applied. */
  public Position position(String cluster) {
    return positions.getOrDefault(cluster, Position.NONE);
  }

  /** How far each cluster's log has been applied. */
  public Map<String, Position> positions() {
    return Map.copyOf(positions);
  }

  /** How many associations there are. */
  public int size() {
    return associations.size();
  }

  /** Whether every partition has been read to its end once. */
  public boolean caughtUp() {
    for (int i = 0; i < caughtUp.length(); i++) {
      if (caughtUp.get(i) == 0) {
        return false;
      }
    }
    return true;
  }

  /** Equal for tables that say the same at the same positions, whatever way they came to it. */
  public String digest() {
    return TableDigest.of(associations, revocations.all(), positions);
  }

  /**
   * Applies the next entry of a partition.
   *
   * @return whether nothing is missing between it and the one before. A gap in what has been caught
   *     up with means that compaction was faster than the reader: read the partition again from its
   *     beginning.
   */
  public boolean apply(int partition, LogEntry entry) {
    clusters.get(partition).add(entry.cluster());
    Position before = position(entry.cluster());
    boolean isNew = entry.position().compareTo(before) > 0;
    switch (entry) {
      case LogEntry.Changed changed -> {
        AssociationKey key = changed.association().key();
        unmet.get(partition).remove(key);
        if (isNew) {
          move(key, Optional.of(changed.association()), entry.position(), before);
        }
      }
      case LogEntry.Removed removed -> {
        unmet.get(partition).remove(removed.key());
        if (isNew) {
          move(removed.key(), Optional.empty(), entry.position(), before);
        }
      }
      case LogEntry.Revoked revoked -> {
        unmet(partition, revoked.cluster(), revoked.revocation().subject());
        if (isNew) {
          revocations.put(revoked.revocation());
          moved(revoked.revocation(), true, entry.position());
        }
      }
      case LogEntry.Restored restored -> {
        unmet(partition, restored.cluster(), restored.subject());
        if (isNew) {
          restore(restored.cluster(), restored.subject(), entry.position());
        }
      }
      case LogEntry.Head head -> {
        if (isNew) {
          positions.put(head.cluster(), head.position());
        }
      }
    }
    return !isNew || caughtUp.get(partition) == 0 || follows(entry, before);
  }

  /** The partition is about to be read again from its beginning. */
  public void restart(int partition) {
    Set<AssociationKey> all = unmet.get(partition);
    all.clear();
    for (AssociationKey key : associations.keySet()) {
      if (clusters.get(partition).contains(key.cluster())) {
        all.add(key);
      }
    }
    unmetRevocations.get(partition).clear();
    clusters.get(partition).forEach(c -> unmetRevocations.get(partition).addAll(revocations.of(c)));
  }

  /**
   * The partition has been read to its end; what a reading from the beginning has not met is gone.
   */
  public void reachedEnd(int partition) {
    for (AssociationKey key : List.copyOf(unmet.get(partition))) {
      Position position = position(key.cluster());
      move(key, Optional.empty(), position, position);
    }
    unmet.get(partition).clear();
    for (Revocation gone : List.copyOf(unmetRevocations.get(partition))) {
      restore(gone.cluster(), gone.subject(), position(gone.cluster()));
    }
    unmetRevocations.get(partition).clear();
    caughtUp.set(partition, 1);
  }

  /** A head comes after the change that it counts: what a new one counts has not been read. */
  private static boolean follows(LogEntry entry, Position before) {
    if (entry instanceof LogEntry.Head) {
      return false;
    }
    Position position = entry.position();
    return position.equals(before.next())
        || (before.equals(Position.NONE) && position.sequence() == 1);
  }

  private void unmet(int partition, String cluster, RevokedSubject subject) {
    unmetRevocations
        .get(partition)
        .removeIf(old -> old.cluster().equals(cluster) && old.subject().equals(subject));
  }

  private void restore(String cluster, RevokedSubject subject, Position position) {
    Revocation lifted = revocations.remove(cluster, subject);
    positions.put(cluster, position);
    if (lifted != null) {
      moved(lifted, false, position);
    }
  }

  private void moved(Revocation revocation, boolean inForce, Position position) {
    positions.put(revocation.cluster(), position);
    for (RevocationListener listener : revocationListeners) {
      try {
        listener.revoked(revocation, inForce, position);
      } catch (RuntimeException e) {
        LOG.atError()
            .addKeyValue("cluster", revocation.cluster())
            .setCause(e)
            .log("listener failed");
      }
    }
  }

  /** The association first, the position last: who sees the position sees the association. */
  private void move(
      AssociationKey key, Optional<Association> after, Position position, Position follows) {
    Optional<Association> before =
        Optional.ofNullable(
            after.isPresent() ? associations.put(key, after.get()) : associations.remove(key));
    positions.put(key.cluster(), position);
    for (AssociationListener listener : listeners) {
      try {
        listener.applied(key, before, after, position, follows);
      } catch (RuntimeException e) {
        LOG.atError().addKeyValue("cluster", key.cluster()).setCause(e).log("listener failed");
      }
    }
  }
}
