package io.claviger.config.trust;

import io.claviger.schemas.Check;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The result of verifying a service-account token. */
public sealed interface TokenVerification {

  /**
   * Signature, issuer, audience and time are valid.
   *
   * @param workload the workload that it names
   * @param expiresAt when it expires
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
   * The token is invalid and stays so.
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
   * The token may be valid, but the key that it names is not in the current set. Nothing in it is
   * verified.
   *
   * @param keyId the {@code kid} it names; absent if it names none
   */
  record UnknownKey(@Nullable String keyId) implements TokenVerification {}

  /**
   * The token looks valid, but its cluster has to confirm it and cannot be reached now. Only
   * verifiers that ask the cluster return it.
   *
   * @param message for a person: what cannot be reached
   */
  record Unconfirmed(String message) implements TokenVerification {
    public Unconfirmed {
      Check.text(message, "message");
    }
  }
}
