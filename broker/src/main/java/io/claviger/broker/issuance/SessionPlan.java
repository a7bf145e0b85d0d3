package io.claviger.broker.issuance;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.SessionKey;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.util.Optional;

/**
 * The session that a workload is to get under an association.
 *
 * @param key who shares it
 * @param association that gives the role, as it was when this was planned
 * @param workload who asked for it
 * @param sharedBy which pods share it
 * @param request how STS is asked for it
 */
record SessionPlan(
    SessionKey key,
    Association association,
    WorkloadIdentity workload,
    TagScope sharedBy,
    RoleSessions.Request request) {

  /** Whether the association is still the one, at the revision, that this was planned under. */
  boolean agreesWith(Optional<Association> current) {
    return current
        .filter(now -> now.id().equals(key.associationId()) && now.revision() == key.revision())
        .isPresent();
  }

  /** Whether one pod has the session for itself. */
  boolean isOfOnePod() {
    return sharedBy == TagScope.POD;
  }

  /** The role that the session's holder acts as. */
  String roleArn() {
    String target = request.targetRoleArn();
    return target != null ? target : request.roleArn();
  }
}
