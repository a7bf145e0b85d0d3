package io.claviger.edge.credential;

import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.event.ServedFrom;
import io.claviger.schemas.workload.WorkloadIdentity;

/** What asking has come to. */
public sealed interface CredentialOutcome extends PodAnswer {

  /**
   * Here they are.
   *
   * @param pod who has asked, proven
   * @param associationId that gives the role
   * @param revision of the association
   * @param credentials the session's
   * @param from where they are from
   */
  record Issued(
      WorkloadIdentity pod,
      String associationId,
      long revision,
      SessionCredentials credentials,
      ServedFrom from)
      implements CredentialOutcome {}

  /**
   * No, until something changes.
   *
   * @param reason the class of the refusal
   * @param message for a person; no secret
   */
  record Refused(RefusalReason reason, String message) implements CredentialOutcome {}

  /**
   * Not now; the same request may succeed later.
   *
   * @param message for a person; no secret
   */
  record Unavailable(String message) implements CredentialOutcome {}
}
