package io.claviger.broker.issuance;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.Lane;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.util.concurrent.CompletionStage;

/** Gives a verified workload the credentials of its association's role. */
@FunctionalInterface
public interface CredentialIssuer {

  /**
   * Issues.
   *
   * @param workload verified
   * @param lane how urgent it is
   * @param floor the newest position of the cluster's log that the asker has seen
   * @return the outcome, within the flight's deadline; never fails
   */
  CompletionStage<IssueOutcome> issue(WorkloadIdentity workload, Lane lane, Position floor);
}
