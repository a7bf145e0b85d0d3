package io.claviger.broker.association;

import io.claviger.broker.association.ReadBarrier.Reach;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevokedSubject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * All associations as the log says they are. One thread applies the log's entries, partition by
 * partition in their order; everybody may read at any time.
 *
 * <p>Positions make it idempotent: what a cluster's position has reached already is not applied
 * again, so a partition may be read once more from its beginning ({@link #restart}) while the table
 * is in use.
 */
public final class AssociationTable {

  private final TableContent content = new TableContent();
  private final TableListeners listeners = new TableListeners();
  private final AtomicIntegerArray caughtUp;
  private volatile boolean adopted;
  private volatile @Nullable Instant asOf;
  private final List<PartitionReading> readings = new ArrayList<>();

  /** Where what the table says comes from. */
  public enum Source {
    /** Nobody yet: it has not caught up. */
    NONE,
    /** Another broker's table; the log has not been read to its end here. */
    PEER,
    /** The log. */
    LOG
  }

  /**
   * An empty table.
   *
   * @param partitions how many the log has
   */
  public AssociationTable(int partitions) {
    caughtUp = new AtomicIntegerArray(partitions);
    for (int i = 0; i < partitions; i++) {
      readings.add(new PartitionReading());
    }
  }

  /** Adds a listener; it is told of changes from now on. */
  public void listen(AssociationListener listener) {
    listeners.add(listener);
  }

  /** Adds a listener; it is told of revocations from now on. */
  public void listenForRevocations(RevocationListener listener) {
    listeners.add(listener);
  }

  /** What is revoked. */
  public Revocations revocations() {
    return content.revocations();
  }

  /** What the table says at this moment. */
  public Optional<Association> current(AssociationKey key) {
    return content.current(key);
  }

  /** The associations by their ids, and in their order; as new as {@link #current}. */
  public AssociationIndex index() {
    return content.index();
  }

  /** All associations of a cluster, in order. */
  public List<Association> inCluster(String cluster) {
    return content.inCluster(cluster);
  }

  /** All associations of a cluster, and how far its log had been applied then. */
  public ClusterView view(String cluster) {
    return content.view(cluster);
  }

  /** How far a cluster's log has been applied. */
  public Position position(String cluster) {
    return content.position(cluster);
  }

  /** How far each cluster's log has been applied. */
  public Map<String, Position> positions() {
    return content.positions();
  }

  /** How many associations there are. */
  public int size() {
    return content.size();
  }

  /** Whether it may be answered from: every partition has been read to its end, or a peer's. */
  public boolean caughtUp() {
    return source() != Source.NONE;
  }

  /** Whether it is as new as the log, after the log's end was waited for with this result. */
  boolean isCurrentAfter(Reach reach) {
    return switch (reach) {
      case REACHED -> true;
      case LATE -> false;
      case AWAY -> caughtUp();
    };
  }

  /** Where what it says comes from. */
  public Source source() {
    for (int i = 0; i < caughtUp.length(); i++) {
      if (caughtUp.get(i) == 0) {
        return adopted ? Source.PEER : Source.NONE;
      }
    }
    return Source.LOG;
  }

  /** When the log answered last the broker that has read it into this table; absent before. */
  public Optional<Instant> asOf() {
    return Optional.ofNullable(asOf);
  }

  /** The log has answered; until it has been read, that says nothing about the table. */
  public void confirmed(Instant at) {
    if (source() == Source.LOG) {
      asOf = at;
    }
  }

  /**
   * All of it at one moment. When something has changed since the last one it takes a few
   * microseconds an association: not on an event loop.
   */
  public TableSnapshot snapshot() {
    return content.snapshot();
  }

  /**
   * Takes over another broker's table for as long as the log cannot be read; what is read then goes
   * by positions. Called by the applying thread.
   *
   * @param at when the log answered last the broker that had read it
   * @param partitionOf in which of the log's partitions a cluster is
   * @return whether it was taken over: not when this table has caught up, or knows of later changes
   */
  public boolean adopt(TableSnapshot peer, Instant at, ToIntFunction<String> partitionOf) {
    if (caughtUp() || knowsMoreThan(peer)) {
      return false;
    }
    for (String cluster : peer.positions().keySet()) {
      readings.get(partitionOf.applyAsInt(cluster)).has(cluster);
    }
    report(content.replace(peer));
    peer.positions().forEach(listeners::missed);
    asOf = at;
    adopted = true;
    return true;
  }

  private void report(TableContent.Replaced replaced) {
    replaced.made().forEach(one -> listeners.revoked(one, true, position(one.cluster())));
    replaced.lifted().forEach(one -> listeners.revoked(one, false, position(one.cluster())));
    for (TableContent.Change change : replaced.changes()) {
      Position position = position(change.key().cluster());
      listeners.changed(change, position, position);
    }
  }

  private boolean knowsMoreThan(TableSnapshot peer) {
    return positions().entrySet().stream()
        .anyMatch(
            own ->
                !peer.positions()
                    .getOrDefault(own.getKey(), Position.NONE)
                    .isAtLeast(own.getValue()));
  }

  /**
   * Applies the next entry of a partition.
   *
   * @return whether nothing is missing between it and the one before. A gap in what has been caught
   *     up with means that compaction was faster than the reader: read the partition again from its
   *     beginning.
   */
  public boolean apply(int partition, LogEntry entry) {
    PartitionReading reading = readings.get(partition);
    reading.has(entry.cluster(), entry.position());
    Position before = position(entry.cluster());
    boolean isNew = entry.position().compareTo(before) > 0;
    switch (entry) {
      case LogEntry.Changed changed -> {
        AssociationKey key = changed.association().key();
        reading.met(key);
        if (isNew) {
          move(key, Optional.of(changed.association()), entry.position(), before);
        }
      }
      case LogEntry.Removed removed -> {
        reading.met(removed.key());
        if (isNew) {
          move(removed.key(), Optional.empty(), entry.position(), before);
        }
      }
      case LogEntry.Revoked revoked -> {
        reading.met(revoked.cluster(), revoked.revocation().subject());
        if (isNew) {
          content.revoke(revoked.revocation(), entry.position());
          listeners.revoked(revoked.revocation(), true, entry.position());
        }
      }
      case LogEntry.Restored restored -> {
        reading.met(restored.cluster(), restored.subject());
        if (isNew) {
          restore(restored.cluster(), restored.subject(), entry.position());
        }
      }
      case LogEntry.Head head -> {
        if (isNew) {
          content.head(head.cluster(), head.position());
        }
      }
    }
    boolean whole = !isNew || follows(entry, before);
    if (!whole) {
      listeners.missed(entry.cluster(), entry.position());
    }
    return whole || caughtUp.get(partition) == 0;
  }

  /** The partition is about to be read again from its beginning. */
  public void restart(int partition) {
    readings.get(partition).restart(content);
  }

  /**
   * The partition has been read to its end; what a reading from the beginning has not met is gone.
   * Not so of a cluster whose log ends before what has been applied: it has lost changes, and who
   * writes it writes again what tables have ({@link LostChanges}).
   */
  public void reachedEnd(int partition) {
    PartitionReading reading = readings.get(partition);
    for (AssociationKey key : reading.unmetAssociations()) {
      Position position = position(key.cluster());
      if (reading.reached(key.cluster()).isAtLeast(position)) {
        move(key, Optional.empty(), position, position);
      }
    }
    for (Revocation gone : reading.unmetRevocations()) {
      Position position = position(gone.cluster());
      if (reading.reached(gone.cluster()).isAtLeast(position)) {
        restore(gone.cluster(), gone.subject(), position);
      }
    }
    reading.clear();
    caughtUp.set(partition, 1);
  }

  /** A head comes after the change that it counts: what a new one counts has not been read. */
  private static boolean follows(LogEntry entry, Position before) {
    if (entry instanceof LogEntry.Head) {
      return false;
    }
    return entry.position().isRightAfter(before);
  }

  private void restore(String cluster, RevokedSubject subject, Position position) {
    content
        .restore(cluster, subject, position)
        .ifPresent(lifted -> listeners.revoked(lifted, false, position));
  }

  private void move(
      AssociationKey key, Optional<Association> after, Position position, Position follows) {
    listeners.changed(content.move(key, after, position), position, follows);
  }
}
