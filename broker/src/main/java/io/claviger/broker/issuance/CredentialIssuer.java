package io.claviger.broker.issuance;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Issues the credentials of its association's role to a verified workload. */
@FunctionalInterface
public interface CredentialIssuer {

  /** Longer than any client waits, so that only the issuer's own deadline applies. */
  Duration UNLIMITED = Duration.ofDays(1);

  /**
   * Issues credentials.
   *
   * @param workload verified
   * @param priority of the request
   * @param minPosition the newest position of the cluster's log that the requester has seen
   * @param wait how long the requester waits; work that has not started by then is dropped
   * @return the outcome, within that time and the issuer's deadline; never fails
   */
  CompletionStage<IssueOutcome> issue(
      WorkloadIdentity workload, RequestPriority priority, Position minPosition, Duration wait);

  /** Issues credentials; only the issuer's own deadline limits the wait. */
  default CompletionStage<IssueOutcome> issue(
      WorkloadIdentity workload, RequestPriority priority, Position minPosition) {
    return issue(workload, priority, minPosition, UNLIMITED);
  }
}
