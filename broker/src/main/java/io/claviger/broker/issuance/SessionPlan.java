package io.claviger.broker.issuance;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.SessionKey;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.util.Optional;

/**
 * The session that a workload gets under an association.
 *
 * @param key identifies the pods that share it
 * @param association that gives the role, as it was when this was planned
 * @param workload that requested it
 * @param sharedBy which pods share it
 * @param request the request to STS
 */
record SessionPlan(
    SessionKey key,
    Association association,
    WorkloadIdentity workload,
    TagScope sharedBy,
    RoleSessions.Request request) {

  /** Returns whether the association is still at the revision for which this was planned. */
  boolean agreesWith(Optional<Association> current) {
    return current
        .filter(now -> now.id().equals(key.associationId()) && now.revision() == key.revision())
        .isPresent();
  }

  /** Returns whether the session belongs to one pod alone. */
  boolean isOfOnePod() {
    return sharedBy == TagScope.POD;
  }

  /** The role that the session's holder acts as. */
  String roleArn() {
    String target = request.targetRoleArn();
    return target != null ? target : request.roleArn();
  }
}
