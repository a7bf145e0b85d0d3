package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevokedSubject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the writer of a partition knows: what is committed, and over it what it has decided since.
 * It is thrown away and restored when a transaction fails, so decisions are applied to it at once
 * and two commands of one transaction see each other. Not thread-safe.
 */
public final class LogState {

  /** How long a token stands for its outcome. */
  public static final Duration REMEMBERED = Duration.ofHours(24);

  private static final int MAX_OUTCOMES = 100_000;

  private final Map<String, ClusterState> clusters = new HashMap<>();
  private final Map<String, AssociationOutcome> outcomes = new LinkedHashMap<>();

  /** What is known of one cluster. */
  private static final class ClusterState {
    private final Map<AssociationKey, Association> byKey = new HashMap<>();
    private final Map<String, AssociationKey> keyById = new HashMap<>();
    private final Map<String, Integer> byPrincipal = new HashMap<>();
    private final Map<RevokedSubject, Revocation> revocations = new HashMap<>();
    private Position head = Position.NONE;
    private @Nullable String uid;
  }

  /** Takes over an entry of the log, in the log's order. */
  public void apply(LogEntry entry) {
    ClusterState cluster = clusters.computeIfAbsent(entry.cluster(), name -> new ClusterState());
    switch (entry) {
      case LogEntry.Changed changed -> {
        Association association = changed.association();
        forget(cluster, association.key());
        cluster.byKey.put(association.key(), association);
        cluster.keyById.put(association.id(), association.key());
        cluster.byPrincipal.merge(association.grantedBy(), 1, Integer::sum);
      }
      case LogEntry.Removed removed -> forget(cluster, removed.key());
      case LogEntry.Revoked revoked ->
          cluster.revocations.put(revoked.revocation().subject(), revoked.revocation());
      case LogEntry.Restored restored -> cluster.revocations.remove(restored.subject());
      case LogEntry.Head head -> {
        String uid = head.head().clusterUid();
        cluster.uid = uid == null ? cluster.uid : uid;
      }
    }
    if (entry.position().compareTo(cluster.head) > 0) {
      cluster.head = entry.position();
    }
  }

  /** Takes over an outcome, in the log's order; a later one of the same token replaces it. */
  public void apply(AssociationOutcome outcome) {
    outcomes.remove(outcome.recordKey());
    outcomes.put(outcome.recordKey(), outcome);
    if (outcomes.size() > MAX_OUTCOMES) {
      outcomes.remove(outcomes.keySet().iterator().next());
    }
  }

  /** Takes over a decision. */
  public void apply(Decision decision) {
    decision.entry().ifPresent(this::apply);
    apply(decision.remembered());
  }

  /** A service account's association. */
  Optional<Association> find(AssociationKey key) {
    return Optional.ofNullable(cluster(key.cluster()).byKey.get(key));
  }

  /** A cluster's association by its id. */
  Optional<Association> find(String cluster, String id) {
    ClusterState state = cluster(cluster);
    return Optional.ofNullable(state.keyById.get(id)).map(state.byKey::get);
  }

  /** Whether objects have made any of a cluster's associations. */
  boolean hasAnyOfObjects(String cluster) {
    return cluster(cluster).byPrincipal.keySet().stream().anyMatch(Grant::isOfObjects);
  }

  /** All associations of a cluster. */
  Collection<Association> associations(String cluster) {
    return Collections.unmodifiableCollection(cluster(cluster).byKey.values());
  }

  /** How many associations a cluster has. */
  int size(String cluster) {
    return cluster(cluster).byKey.size();
  }

  /** How many of them one principal stands for. */
  int size(String cluster, String grantedBy) {
    return cluster(cluster).byPrincipal.getOrDefault(grantedBy, 0);
  }

  /** What is revoked for a subject. */
  Optional<Revocation> revocation(String cluster, RevokedSubject subject) {
    return Optional.ofNullable(cluster(cluster).revocations.get(subject));
  }

  /** All revocations of a cluster. */
  Collection<Revocation> revocations(String cluster) {
    return Collections.unmodifiableCollection(cluster(cluster).revocations.values());
  }

  /** The uid of the Kubernetes cluster that a cluster's log is of; absent until it was bound. */
  public @Nullable String clusterUid(String cluster) {
    return cluster(cluster).uid;
  }

  /** The last position that a cluster's log has used. */
  public Position head(String cluster) {
    return cluster(cluster).head;
  }

  /** The outcome that a token stands for. */
  Optional<AssociationOutcome> outcome(String cluster, String token, Instant now) {
    return Optional.ofNullable(outcomes.get(AssociationOutcome.recordKey(cluster, token)))
        .filter(outcome -> outcome.decidedAt().isAfter(now.minus(REMEMBERED)));
  }

  private ClusterState cluster(String name) {
    return clusters.getOrDefault(name, new ClusterState());
  }

  private static void forget(ClusterState cluster, AssociationKey key) {
    Association gone = cluster.byKey.remove(key);
    if (gone != null) {
      cluster.keyById.remove(gone.id());
      cluster.byPrincipal.computeIfPresent(
          gone.grantedBy(), (principal, count) -> count == 1 ? null : count - 1);
    }
  }
}
