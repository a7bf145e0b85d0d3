package io.claviger.edge.credential;

import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.event.ServedFrom;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The outcome of a request for credentials. */
public sealed interface CredentialOutcome extends PodAnswer {

  /**
   * Credentials.
   *
   * @param pod the pod, proven by its token
   * @param associationId the association that gives the role
   * @param revision of the association
   * @param credentials of the session
   * @param from where the edge got them from
   */
  record Issued(
      WorkloadIdentity pod,
      String associationId,
      long revision,
      SessionCredentials credentials,
      ServedFrom from)
      implements CredentialOutcome {}

  /**
   * Refused until something changes.
   *
   * @param reason the class of the refusal
   * @param message for a person; no secret
   */
  record Refused(RefusalReason reason, String message) implements CredentialOutcome {}

  /**
   * Unavailable now; the same request may succeed later.
   *
   * @param message for a person; no secret
   * @param again how to retry at a broker while the pod waits; absent if a retry is pointless
   */
  record Unavailable(String message, @Nullable Again again) implements CredentialOutcome {
    Unavailable(String message) {
      this(message, null);
    }
  }

  /**
   * A retry at a broker is worthwhile.
   *
   * @param pause before the retry
   * @param outdated whether the answer was from before a change, so that a current one follows
   */
  record Again(Duration pause, boolean outdated) {}
}
