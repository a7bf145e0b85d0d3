package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.workload.WorkloadIdentity;

/**
 * Identifies a shared session: all workloads with the same key share one session. The revision is
 * part of the key, so two revisions never share a session.
 *
 * @param cluster the registered name of the Kubernetes cluster
 * @param associationId the association
 * @param revision of the association
 * @param subject what shares the session: {@code namespace/serviceAccount}, and {@code /podUid} for
 *     the scope pod
 */
public record SessionKey(String cluster, String associationId, long revision, String subject) {

  public SessionKey {
    Check.text(cluster, "cluster");
    Check.text(associationId, "associationId");
    Check.text(subject, "subject");
  }

  /** Returns the key of a workload's session under an association. */
  public static SessionKey of(
      Association association, WorkloadIdentity workload, TagScope sharedBy) {
    String serviceAccount = workload.namespace() + "/" + workload.serviceAccount();
    String subject =
        switch (sharedBy) {
          case SERVICE_ACCOUNT -> serviceAccount;
          case POD -> serviceAccount + "/" + workload.podUid();
        };
    return new SessionKey(association.cluster(), association.id(), association.revision(), subject);
  }

  /** Returns all of it in one line. Two keys are equal exactly when their texts are. */
  public String text() {
    return cluster + "|" + associationId + "|" + revision + "|" + subject;
  }
}
