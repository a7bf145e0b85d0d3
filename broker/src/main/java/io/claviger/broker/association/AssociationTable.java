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
 * All associations according to the log. One thread applies the log's entries, in order within each
 * partition. Any thread may read at any time.
 *
 * <p>Positions make this idempotent: an entry at or before a cluster's position is not applied
 * again. A partition may therefore be read again from its beginning ({@link #restart}) while the
 * table is in use.
 */
public final class AssociationTable {

  private final TableContent content = new TableContent();
  private final TableListeners listeners = new TableListeners();
  private final AtomicIntegerArray caughtUp;
  private volatile boolean adopted;
  private volatile @Nullable Instant asOf;
  private final List<PartitionReading> readings = new ArrayList<>();

  /** The source of the table's content. */
  public enum Source {
    /** None: the table has not caught up yet. */
    NONE,
    /** Another broker's table; this broker has not read the log to its end. */
    PEER,
    /** The log. */
    LOG
  }

  /**
   * Creates an empty table.
   *
   * @param partitions the number of the log's partitions
   */
  public AssociationTable(int partitions) {
    caughtUp = new AtomicIntegerArray(partitions);
    for (int i = 0; i < partitions; i++) {
      readings.add(new PartitionReading());
    }
  }

  /** Adds a listener for changes from now on. */
  public void listen(AssociationListener listener) {
    listeners.add(listener);
  }

  /** Adds a listener for revocations from now on. */
  public void listenForRevocations(RevocationListener listener) {
    listeners.add(listener);
  }

  /** Returns the revocations in force. */
  public Revocations revocations() {
    return content.revocations();
  }

  /** Returns the association at this moment. */
  public Optional<Association> current(AssociationKey key) {
    return content.current(key);
  }

  /** Returns the associations by id and in order; as current as {@link #current}. */
  public AssociationIndex index() {
    return content.index();
  }

  /** Returns all associations of a cluster, in order. */
  public List<Association> inCluster(String cluster) {
    return content.inCluster(cluster);
  }

  /** Returns all associations of a cluster and the position of its log at the same moment. */
  public ClusterView view(String cluster) {
    return content.view(cluster);
  }

  /** Returns the applied position of a cluster's log. */
  public Position position(String cluster) {
    return content.position(cluster);
  }

  /** Returns the applied position of each cluster's log. */
  public Map<String, Position> positions() {
    return content.positions();
  }

  /** Returns the number of associations. */
  public int size() {
    return content.size();
  }

  /**
   * Returns whether the table may be used for responses: this broker has read every partition to
   * its end, or has adopted a peer's table.
   */
  public boolean caughtUp() {
    return source() != Source.NONE;
  }

  /**
   * Returns whether the table is as new as the log, given the result of a wait for the log's end.
   */
  boolean isCurrentAfter(Reach reach) {
    return switch (reach) {
      case REACHED -> true;
      case LATE -> false;
      case AWAY -> caughtUp();
    };
  }

  /** Returns the source of the table's content. */
  public Source source() {
    for (int i = 0; i < caughtUp.length(); i++) {
      if (caughtUp.get(i) == 0) {
        return adopted ? Source.PEER : Source.NONE;
      }
    }
    return Source.LOG;
  }

  /**
   * Returns when Kafka last answered the broker that read the log into this table; empty before the
   * first answer.
   */
  public Optional<Instant> asOf() {
    return Optional.ofNullable(asOf);
  }

  /**
   * Records that Kafka answered. Before the log has been read, this has no effect on the table's
   * age.
   */
  public void confirmed(Instant at) {
    if (source() == Source.LOG) {
      asOf = at;
    }
  }

  /**
   * Returns the whole table at one moment. If the table has changed since the last snapshot, this
   * takes a few microseconds per association: not for an event loop.
   */
  public TableSnapshot snapshot() {
    return content.snapshot();
  }

  /**
   * Adopts another broker's table while the log cannot be read. Entries that are read later apply
   * by their positions. Called by the applying thread.
   *
   * @param at when Kafka last answered the broker that read the table
   * @param partitionOf maps a cluster to its partition of the log
   * @return whether the table was adopted: false if this table has caught up, or contains later
   *     changes
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
   * @return whether the entry directly follows the one before. If a partition that has caught up
   *     has a gap, compaction was faster than the reader: read the partition again from its
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

  /** Prepares for reading the partition again from its beginning. */
  public void restart(int partition) {
    readings.get(partition).restart(content);
  }

  /**
   * The partition has been read to its end. Entries that a reading from the beginning has not met
   * are removed. The exception is a cluster whose log ends before the applied position: that log
   * has lost changes, and its writer appends them again from the tables ({@link LostChanges}).
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

  /**
   * A head is written after the change that it counts. A new count therefore means an unread
   * change.
   */
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
