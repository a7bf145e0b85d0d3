package io.claviger.broker.association;

import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevokedSubject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One reading of a partition of the log: the clusters in it, and the entries of the table that the
 * reading has not met yet. For the applying thread only.
 */
final class PartitionReading {

  private final Set<String> clusters = new HashSet<>();
  private final Map<String, Position> reached = new HashMap<>();
  private final Set<AssociationKey> associations = new HashSet<>();
  private final Set<Revocation> revocations = new HashSet<>();

  /** The cluster is in this partition. */
  void has(String cluster) {
    clusters.add(cluster);
  }

  /** The cluster is in this partition, which has been read up to the position. */
  void has(String cluster, Position position) {
    has(cluster);
    reached.merge(cluster, position, (one, other) -> one.isAtLeast(other) ? one : other);
  }

  /** Returns the position that the current reading has reached in a cluster. */
  Position reached(String cluster) {
    return reached.getOrDefault(cluster, Position.NONE);
  }

  /** Starts the reading again: no entry of the table has been met. */
  void restart(TableContent content) {
    clear();
    reached.clear();
    for (AssociationKey key : content.keys()) {
      if (clusters.contains(key.cluster())) {
        associations.add(key);
      }
    }
    clusters.forEach(cluster -> revocations.addAll(content.revocations().of(cluster)));
  }

  void met(AssociationKey key) {
    associations.remove(key);
  }

  void met(String cluster, RevokedSubject subject) {
    revocations.removeIf(old -> old.cluster().equals(cluster) && old.subject().equals(subject));
  }

  List<AssociationKey> unmetAssociations() {
    return List.copyOf(associations);
  }

  List<Revocation> unmetRevocations() {
    return List.copyOf(revocations);
  }

  void clear() {
    associations.clear();
    revocations.clear();
  }
}
