package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.LogHead;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevocationChange;
import io.claviger.schemas.association.RevokedSubject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Changes that a cluster's log has lost and that a table still has. Kafka lost its data, or was
 * restored from a backup. A log that ends before a table read from it has lost changes, and all of
 * them were acknowledged. Its writer appends them again before it decides any command.
 */
final class LostChanges {

  private final TableSnapshot table;
  private final LogState log;
  private final String cluster;
  private final List<LogEntry> entries = new ArrayList<>();
  private Position last;

  private LostChanges(TableSnapshot table, LogState log, String cluster, Position last) {
    this.table = table;
    this.log = log;
    this.cluster = cluster;
    this.last = last;
  }

  /**
   * Returns the entries that bring a log back to the tables' content; for each cluster the furthest
   * table counts. Empty if nothing is lost.
   *
   * @param log the committed state
   * @param inLog selects the clusters whose logs are in this partition
   */
  static List<LogEntry> of(
      List<TableSnapshot> tables, LogState log, Predicate<String> inLog, InstantSource clock) {
    Map<String, TableSnapshot> furthest = new TreeMap<>();
    for (TableSnapshot table : tables) {
      for (String cluster : table.positions().keySet()) {
        if (inLog.test(cluster) && position(table, cluster).compareTo(log.head(cluster)) > 0) {
          furthest.merge(cluster, table, (one, other) -> further(one, other, cluster));
        }
      }
    }
    List<LogEntry> entries = new ArrayList<>();
    furthest.forEach(
        (cluster, table) ->
            entries.addAll(
                ofCluster(table, log, cluster, before(position(table, cluster), clock.instant()))));
    return entries;
  }

  private static TableSnapshot further(TableSnapshot one, TableSnapshot other, String cluster) {
    return position(one, cluster).isAtLeast(position(other, cluster)) ? one : other;
  }

  private static Position position(TableSnapshot table, String cluster) {
    return table.positions().getOrDefault(cluster, Position.NONE);
  }

  private static List<LogEntry> ofCluster(
      TableSnapshot table, LogState log, String cluster, Position before) {
    LostChanges lost = new LostChanges(table, log, cluster, before);
    lost.associations();
    lost.revocations();
    LogHead head = LogHead.of(cluster, lost.last, log.clusterUid(cluster));
    lost.entries.add(new LogEntry.Head(head));
    return lost.entries;
  }

  /**
   * Starts a new epoch. Another table may be one change ahead of this one. The new epoch makes
   * every broker read the log again, so that all tables agree.
   */
  private static Position before(Position position, Instant now) {
    return new Position(Math.max(now.getEpochSecond(), position.epoch() + 1), 0);
  }

  private void add(Function<Position, LogEntry> entry) {
    last = last.next();
    entries.add(entry.apply(last));
  }

  private void associations() {
    Map<AssociationKey, Association> logged = new HashMap<>();
    log.associations(cluster).forEach(one -> logged.put(one.key(), one));
    for (Association one : table.associations()) {
      if (one.cluster().equals(cluster) && !one.equals(logged.remove(one.key()))) {
        add(at -> new LogEntry.Changed(AssociationChange.of(one, at, one.grantedBy())));
      }
    }
    for (Association gone : logged.values()) {
      add(at -> new LogEntry.Removed(gone.key(), gone.id(), gone.revision(), at, gone.grantedBy()));
    }
  }

  private void revocations() {
    Map<RevokedSubject, Revocation> logged = new HashMap<>();
    log.revocations(cluster).forEach(one -> logged.put(one.subject(), one));
    for (Revocation one : table.revocations()) {
      if (one.cluster().equals(cluster) && !one.equals(logged.remove(one.subject()))) {
        add(at -> new LogEntry.Revoked(RevocationChange.of(one, at)));
      }
    }
    for (Revocation gone : logged.values()) {
      add(at -> new LogEntry.Restored(cluster, gone.subject(), at, gone.actor()));
    }
  }
}
