package io.claviger.broker.issuance;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Gives a verified workload the credentials of its association's role. */
@FunctionalInterface
public interface CredentialIssuer {

  /** Longer than anybody waits: the issuer's own deadline counts. */
  Duration UNLIMITED = Duration.ofDays(1);

  /**
   * Issues.
   *
   * @param workload verified
   * @param priority how urgent it is
   * @param minPosition the newest position of the cluster's log that the requester has seen
   * @param wait how long the outcome is waited for; what has not begun by then is not begun
   * @return the outcome, within that time and the issuer's deadline; never fails
   */
  CompletionStage<IssueOutcome> issue(
      WorkloadIdentity workload, RequestPriority priority, Position minPosition, Duration wait);

  /** The same, waited for as long as it takes. */
  default CompletionStage<IssueOutcome> issue(
      WorkloadIdentity workload, RequestPriority priority, Position minPosition) {
    return issue(workload, priority, minPosition, UNLIMITED);
  }
}
