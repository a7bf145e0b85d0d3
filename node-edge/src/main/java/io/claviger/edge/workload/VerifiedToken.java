package io.claviger.edge.workload;

import io.claviger.config.trust.TokenHash;
import io.claviger.schemas.Check;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The proven content of a token that this edge or a broker has verified. It does not contain the
 * token itself.
 *
 * @param hash of the token
 * @param workload the workload that it names
 * @param expiresAt when it expires
 * @param keyId the {@code kid} it was signed with; absent if only a broker could verify it
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

  /** Creates a verified token, with the subjects under which its workload may share sessions. */
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

  /** Whether it has not expired yet. */
  public boolean liveAt(Instant now) {
    return now.isBefore(expiresAt);
  }
}
