package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.workload.WorkloadIdentity;

/**
 * A broker requests a session from the owner of its key. It repeats the request while the owner
 * answers {@link OpenResult.Working}.
 *
 * @param version of the protocol
 * @param key of the session
 * @param workload the workload that the requesting broker has verified
 * @param priority how urgent the request is
 * @param position of the cluster's log at which the requesting broker read the association
 * @param waitMillis how long the owner may delay its reply before it answers {@link
 *     OpenResult.Working}; 0 requests a sign of life at once
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
