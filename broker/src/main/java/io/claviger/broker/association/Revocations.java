package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.association.RevokedSubject.Kind;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The revocations in the log. The table's applying thread writes; any thread may read at any time.
 */
public final class Revocations {

  private final Map<String, Map<RevokedSubject, Revocation>> byCluster = new ConcurrentHashMap<>();

  /** Returns the revocation in force for this association and workload; usually empty. */
  public Optional<Revocation> revoking(WorkloadIdentity workload, Association association) {
    Map<RevokedSubject, Revocation> revoked = byCluster.get(association.cluster());
    if (revoked == null || revoked.isEmpty()) {
      return Optional.empty();
    }
    return ofAssociation(association)
        .or(() -> find(revoked, Kind.NODE, workload.node()))
        .or(() -> find(revoked, Kind.POD, workload.podUid()))
        .or(() -> find(revoked, Kind.POD, workload.namespace() + "/" + workload.podName()));
  }

  /** Returns the revocation in force for every workload of an association; usually empty. */
  public Optional<Revocation> ofAssociation(Association association) {
    Map<RevokedSubject, Revocation> revoked = byCluster.get(association.cluster());
    if (revoked == null || revoked.isEmpty()) {
      return Optional.empty();
    }
    String workload = association.spec().namespace() + "/" + association.spec().serviceAccount();
    return find(revoked, Kind.ROLE, association.spec().roleArn())
        .or(() -> find(revoked, Kind.ROLE, association.spec().targetRoleArn()))
        .or(() -> find(revoked, Kind.WORKLOAD, workload));
  }

  /** Returns all revocations of a cluster. */
  public Collection<Revocation> of(String cluster) {
    return List.copyOf(byCluster.getOrDefault(cluster, Map.of()).values());
  }

  /** Returns all revocations of all clusters, in no order. */
  public List<Revocation> all() {
    List<Revocation> all = new ArrayList<>();
    byCluster.values().forEach(revoked -> all.addAll(revoked.values()));
    return all;
  }

  @Nullable Revocation put(Revocation revocation) {
    return byCluster
        .computeIfAbsent(revocation.cluster(), cluster -> new ConcurrentHashMap<>())
        .put(revocation.subject(), revocation);
  }

  @Nullable Revocation remove(String cluster, RevokedSubject subject) {
    Map<RevokedSubject, Revocation> revoked = byCluster.get(cluster);
    return revoked == null ? null : revoked.remove(subject);
  }

  private static Optional<Revocation> find(
      Map<RevokedSubject, Revocation> revoked, Kind kind, @Nullable String name) {
    return name == null || name.isBlank()
        ? Optional.empty()
        : Optional.ofNullable(revoked.get(new RevokedSubject(kind, name)));
  }
}
