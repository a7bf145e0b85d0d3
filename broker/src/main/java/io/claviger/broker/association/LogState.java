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
 * The state of a partition's writer: what is committed, and on top of it the decisions since.
 * Decisions are applied at once, so that two commands of one transaction see each other. If a
 * transaction fails, the state is discarded and restored. Not thread-safe.
 */
public final class LogState {

  /** How long a token keeps its outcome. */
  public static final Duration REMEMBERED = Duration.ofHours(24);

  private static final int MAX_OUTCOMES = 100_000;

  private final Map<String, ClusterState> clusters = new HashMap<>();
  private final Map<String, AssociationOutcome> outcomes = new LinkedHashMap<>();

  /** The state of one cluster. */
  private static final class ClusterState {
    private final Map<AssociationKey, Association> byKey = new HashMap<>();
    private final Map<String, AssociationKey> keyById = new HashMap<>();
    private final Map<String, Integer> byPrincipal = new HashMap<>();
    private final Map<RevokedSubject, Revocation> revocations = new HashMap<>();
    private Position head = Position.NONE;
    private @Nullable String uid;
  }

  /** Applies an entry of the log, in the log's order. */
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

  /**
   * Applies an outcome, in the log's order; a later outcome of the same token replaces an earlier
   * one.
   */
  public void apply(AssociationOutcome outcome) {
    outcomes.remove(outcome.recordKey());
    outcomes.put(outcome.recordKey(), outcome);
    if (outcomes.size() > MAX_OUTCOMES) {
      outcomes.remove(outcomes.keySet().iterator().next());
    }
  }

  /** Applies a decision. */
  public void apply(Decision decision) {
    decision.entry().ifPresent(this::apply);
    apply(decision.remembered());
  }

  /** Returns a service account's association. */
  Optional<Association> find(AssociationKey key) {
    return Optional.ofNullable(cluster(key.cluster()).byKey.get(key));
  }

  /** Finds a cluster's association by its id. */
  Optional<Association> find(String cluster, String id) {
    ClusterState state = cluster(cluster);
    return Optional.ofNullable(state.keyById.get(id)).map(state.byKey::get);
  }

  /** Returns whether objects have made any of a cluster's associations. */
  boolean hasAnyOfObjects(String cluster) {
    return cluster(cluster).byPrincipal.keySet().stream().anyMatch(Grant::isOfObjects);
  }

  /** Returns all associations of a cluster. */
  Collection<Association> associations(String cluster) {
    return Collections.unmodifiableCollection(cluster(cluster).byKey.values());
  }

  /** Returns the number of a cluster's associations. */
  int size(String cluster) {
    return cluster(cluster).byKey.size();
  }

  /** Returns the number of a cluster's associations that one principal owns. */
  int size(String cluster, String grantedBy) {
    return cluster(cluster).byPrincipal.getOrDefault(grantedBy, 0);
  }

  /** Returns the revocation of a subject. */
  Optional<Revocation> revocation(String cluster, RevokedSubject subject) {
    return Optional.ofNullable(cluster(cluster).revocations.get(subject));
  }

  /** Returns all revocations of a cluster. */
  Collection<Revocation> revocations(String cluster) {
    return Collections.unmodifiableCollection(cluster(cluster).revocations.values());
  }

  /**
   * Returns the uid of the Kubernetes cluster that a cluster's log is bound to; null before the
   * binding.
   */
  public @Nullable String clusterUid(String cluster) {
    return cluster(cluster).uid;
  }

  /** Returns the last position that a cluster's log has used. */
  public Position head(String cluster) {
    return cluster(cluster).head;
  }

  /** Returns the outcome of a token. */
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
