package io.claviger.edge.workload;

import io.claviger.config.trust.TokenHash;
import io.claviger.schemas.Check;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token that this edge, or a broker, has verified. Holding one means that the names in it are
 * proven; the token itself is not in it.
 *
 * @param hash of the token
 * @param workload whom it names
 * @param expiresAt its end
 * @param keyId the {@code kid} it was signed with; absent when only the broker could tell
 * @param serviceAccount its service account, as a subject
 * @param pod its pod, as a subject
 */
public record VerifiedToken(
    TokenHash hash,
    WorkloadIdentity workload,
    Instant expiresAt,
    @Nullable String keyId,
    Subject.ServiceAccount serviceAccount,
    Subject.Pod pod) {

  public VerifiedToken {
    Check.present(hash, "hash");
    Check.present(workload, "workload");
    Check.present(expiresAt, "expiresAt");
  }

  /** A verified token, with the subjects that its workload may share sessions as. */
  public static VerifiedToken of(
      TokenHash hash, WorkloadIdentity workload, Instant expiresAt, @Nullable String keyId) {
    return new VerifiedToken(
        hash,
        workload,
        expiresAt,
        keyId,
        new Subject.ServiceAccount(AssociationKey.of(workload)),
        new Subject.Pod(workload.podUid()));
  }

  /** Whether its end has not come yet. */
  public boolean liveAt(Instant now) {
    return now.isBefore(expiresAt);
  }
}
