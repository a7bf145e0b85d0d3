package io.claviger.edge.credential;

import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.event.ServedFrom;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

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
   * @param again how a broker is asked again while somebody waits; absent when none is
   */
  record Unavailable(String message, @Nullable Again again) implements CredentialOutcome {
    Unavailable(String message) {
      this(message, null);
    }
  }

  /**
   * A broker is worth asking again.
   *
   * @param pause before it is asked
   * @param outdated whether the answer was from before a change, and is followed by the right one
   */
  record Again(Duration pause, boolean outdated) {}
}
