package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.workload.WorkloadIdentity;

/**
 * A broker asks the owner of a session key to open the session, and asks again while the owner
 * answers {@link OpenResult.Working}.
 *
 * @param version of the protocol
 * @param key which session
 * @param workload whom the asking broker verified
 * @param priority how urgent it is
 * @param position of the cluster's log at which the asking broker read the association
 * @param waitMillis how long the owner may delay its reply before it says that it is at work; 0
 *     asks for a sign of life at once
 */
public record OpenSession(
    int version,
    SessionKey key,
    WorkloadIdentity workload,
    RequestPriority priority,
    Position position,
    long waitMillis) {

  public OpenSession {
    Check.present(key, "key");
    Check.present(workload, "workload");
    Check.present(priority, "priority");
    Check.present(position, "position");
    if (waitMillis < 0) {
      throw new IllegalArgumentException("waitMillis is not negative");
    }
  }
}
