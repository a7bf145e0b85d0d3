package io.claviger.schemas.association;

import io.claviger.schemas.Check;
import java.time.Instant;

/**
 * A subject of a cluster is revoked until the revocation is lifted.
 *
 * @param cluster the registered name of the Kubernetes cluster
 * @param subject what is revoked
 * @param since when the writer accepted the revocation
 * @param actor the principal that requested it
 */
public record Revocation(String cluster, RevokedSubject subject, Instant since, String actor) {

  /**
   * Separates cluster and subject in a record key. The key of a service account has a namespace in
   * this place, which is never empty.
   */
  private static final String MARK = "//";

  public Revocation {
    Check.text(cluster, "cluster");
    Check.present(subject, "subject");
    Check.present(since, "since");
    Check.text(actor, "actor");
  }

  /** Returns the record's key in the changes topic: {@code cluster//kind:name}. */
  public String recordKey() {
    return recordKey(cluster, subject);
  }

  /** Returns the key of a subject's record in the changes topic. */
  public static String recordKey(String cluster, RevokedSubject subject) {
    return cluster + MARK + subject.text();
  }

  /** Whether a key of the changes topic belongs to a revocation. */
  public static boolean isRecordKey(String recordKey) {
    int slash = recordKey.indexOf('/');
    return slash > 0 && recordKey.startsWith(MARK, slash);
  }

  /**
   * Returns the cluster in a record key.
   *
   * @throws IllegalArgumentException if it is not the key of a revocation
   */
  public static String clusterOf(String recordKey) {
    requireKey(recordKey);
    return recordKey.substring(0, recordKey.indexOf('/'));
  }

  /**
   * Returns the subject in a record key.
   *
   * @throws IllegalArgumentException if it is not the key of a revocation
   */
  public static RevokedSubject subjectOf(String recordKey) {
    requireKey(recordKey);
    return RevokedSubject.parse(recordKey.substring(recordKey.indexOf('/') + MARK.length()));
  }

  private static void requireKey(String recordKey) {
    if (!isRecordKey(recordKey)) {
      throw new IllegalArgumentException("not cluster//kind:name: " + recordKey);
    }
  }
}
