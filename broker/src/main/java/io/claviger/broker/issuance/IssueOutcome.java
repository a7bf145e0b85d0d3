package io.claviger.broker.issuance;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionCredentials;
import java.time.Duration;

/** The outcome of a workload's request for credentials. */
public sealed interface IssueOutcome {

  /**
   * Credentials were issued.
   *
   * @param credentials of the session
   * @param association that gives the role
   * @param sharedBy which pods may share the session
   * @param position of the cluster's log at which the association was read
   */
  record Issued(
      SessionCredentials credentials, Association association, TagScope sharedBy, Position position)
      implements IssueOutcome {}

  /**
   * The request is refused until something changes.
   *
   * @param message for a person: what is wrong and what to do; no secret
   */
  record Refused(RefusalReason reason, String message, Position position) implements IssueOutcome {}

  /**
   * The request cannot be answered at the moment.
   *
   * @param message for a person; no secret
   * @param retryAfter when to retry; zero if another broker may be more up to date
   */
  record Unavailable(String message, Duration retryAfter) implements IssueOutcome {}
}
