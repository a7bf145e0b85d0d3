package io.claviger.broker.issuance;

import io.claviger.broker.audit.PodNotices;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.Lane;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Lets pods know when another issuer refuses them. */
public record ToldRefusals(CredentialIssuer issuer, PodNotices notices)
    implements CredentialIssuer {

  @Override
  public CompletionStage<IssueOutcome> issue(
      WorkloadIdentity workload, Lane lane, Position floor, Duration wait) {
    return issuer
        .issue(workload, lane, floor, wait)
        .whenComplete(
            (outcome, failure) -> {
              if (outcome instanceof IssueOutcome.Refused(var reason, var message, var position)) {
                notices.refused(workload, reason, message);
              }
            });
  }
}
