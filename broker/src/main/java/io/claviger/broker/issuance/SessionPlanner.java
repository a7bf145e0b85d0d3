package io.claviger.broker.issuance;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.SessionKey;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Plans which session a workload gets: which pods share it, and what is requested from STS. */
final class SessionPlanner {

  private final Map<String, ClusterProfile> clusters;
  private final Duration duration;

  /**
   * A planner.
   *
   * @param clusters by their registered names
   * @param duration the requested lifetime of sessions
   */
  SessionPlanner(Map<String, ClusterProfile> clusters, Duration duration) {
    this.clusters = Map.copyOf(clusters);
    this.duration = duration;
  }

  /** Returns the plan; absent if the workload's cluster is not registered with this broker. */
  Optional<SessionPlan> plan(Association association, WorkloadIdentity workload) {
    return Optional.ofNullable(clusters.get(workload.cluster()))
        .map(cluster -> plan(cluster, association, workload));
  }

  /** Returns whether each pod of an association gets its own session. */
  boolean opensOneForEachPod(Association association) {
    ClusterProfile cluster = clusters.get(association.cluster());
    return cluster != null && sharedBy(cluster, association.spec()) == TagScope.POD;
  }

  private SessionPlan plan(
      ClusterProfile cluster, Association association, WorkloadIdentity workload) {
    AssociationSpec spec = association.spec();
    TagScope sharedBy = sharedBy(cluster, spec);
    SessionKey key = SessionKey.of(association, workload, sharedBy);
    RoleSessions.Request request =
        new RoleSessions.Request(
            spec.roleArn(),
            spec.targetRoleArn(),
            cluster.externalId(spec).orElse(null),
            spec.policy(),
            spec.disableSessionTags() ? Map.of() : SessionNames.tags(cluster),
            spec.disableSessionTags()
                ? Map.of()
                : SessionNames.tags(workload, sharedBy == TagScope.POD),
            SessionNames.sessionName(key, workload),
            duration);
    return new SessionPlan(key, association, workload, sharedBy, request);
  }

  /** Without tags nothing distinguishes pods, so no pod needs its own session. */
  private static TagScope sharedBy(ClusterProfile cluster, AssociationSpec spec) {
    return spec.disableSessionTags()
        ? TagScope.SERVICE_ACCOUNT
        : spec.tagScope().orElse(cluster.defaultScope());
  }
}
