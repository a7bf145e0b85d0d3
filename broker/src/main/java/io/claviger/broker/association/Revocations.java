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
 * What is revoked, as the log says. Written by the table's applying thread; read by anybody at any
 * time.
 */
public final class Revocations {

  private final Map<String, Map<RevokedSubject, Revocation>> byCluster = new ConcurrentHashMap<>();

  /** The revocation that is in force for this association and workload; none mostly. */
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

  /** The revocation that is in force for everybody who has an association; none mostly. */
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

  /** All of a cluster. */
  public Collection<Revocation> of(String cluster) {
    return List.copyOf(byCluster.getOrDefault(cluster, Map.of()).values());
  }

  /** All of all clusters, in no order. */
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
