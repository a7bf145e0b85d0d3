package io.claviger.broker.issuance;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionCredentials;
import java.time.Duration;

/** What came of a workload's request for credentials. */
public sealed interface IssueOutcome {

  /**
   * Here they are.
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
   * No, until something changes.
   *
   * @param message for a person: what is wrong and what to do; no secret
   */
  record Refused(RefusalReason reason, String message, Position position) implements IssueOutcome {}

  /**
   * Not now.
   *
   * @param message for a person; no secret
   * @param retryAfter when to ask again; zero when another broker may know more
   */
  record Unavailable(String message, Duration retryAfter) implements IssueOutcome {}
}
