package io.claviger.broker.issuance;

import io.claviger.broker.audit.PodNotices;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Reports another issuer's refusals to the pods. */
public record ReportedRefusals(CredentialIssuer issuer, PodNotices notices)
    implements CredentialIssuer {

  @Override
  public CompletionStage<IssueOutcome> issue(
      WorkloadIdentity workload, RequestPriority priority, Position minPosition, Duration wait) {
    return issuer
        .issue(workload, priority, minPosition, wait)
        .whenComplete(
            (outcome, failure) -> {
              if (outcome instanceof IssueOutcome.Refused(var reason, var message, var position)) {
                notices.refused(workload, reason, message);
              }
            });
  }
}
