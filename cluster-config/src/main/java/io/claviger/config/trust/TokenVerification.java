package io.claviger.config.trust;

import io.claviger.schemas.Check;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What verifying a service-account token came to. */
public sealed interface TokenVerification {

  /**
   * Signature, issuer, audience and time are right.
   *
   * @param workload whom it names
   * @param expiresAt its end
   * @param keyId the {@code kid} of the key that signed it
   */
  record Verified(WorkloadIdentity workload, Instant expiresAt, String keyId)
      implements TokenVerification {
    public Verified {
      Check.present(workload, "workload");
      Check.present(expiresAt, "expiresAt");
      Check.present(keyId, "keyId");
    }
  }

  /**
   * It is wrong and stays so.
   *
   * @param reason the class of the refusal
   * @param message for a person: what is wrong and what to do; nothing of the token's content
   */
  record Rejected(RefusalReason reason, String message) implements TokenVerification {
    public Rejected {
      Check.present(reason, "reason");
      Check.text(message, "message");
    }
  }

  /**
   * It may be right, but the key that it says it was signed with is not in the current set. Nothing
   * in it is verified.
   *
   * @param keyId the {@code kid} it names; absent when it names none
   */
  record UnknownKey(@Nullable String keyId) implements TokenVerification {}

  /**
   * Nothing is wrong with it, but the cluster has to confirm it and cannot be asked now. Only of
   * who asks the cluster.
   *
   * @param message for a person: what cannot be asked
   */
  record Unconfirmed(String message) implements TokenVerification {
    public Unconfirmed {
      Check.text(message, "message");
    }
  }
}
