package io.claviger.schemas.association;

import io.claviger.schemas.Check;
import java.time.Instant;

/**
 * A subject of a cluster is revoked until this is lifted.
 *
 * @param cluster the registered name of the Kubernetes cluster
 * @param subject what is revoked
 * @param since when it was decided
 * @param actor who asked for it
 */
public record Revocation(String cluster, RevokedSubject subject, Instant since, String actor) {

  /**
   * Between cluster and subject in the key of a record. A service account's record has a namespace
   * there, which is not empty.
   */
  private static final String MARK = "//";

  public Revocation {
    Check.text(cluster, "cluster");
    Check.present(subject, "subject");
    Check.present(since, "since");
    Check.text(actor, "actor");
  }

  /** The key of its record in the changes topic: {@code cluster//kind:name}. */
  public String recordKey() {
    return recordKey(cluster, subject);
  }

  /** The key of a subject's record in the changes topic. */
  public static String recordKey(String cluster, RevokedSubject subject) {
    return cluster + MARK + subject.text();
  }

  /** Whether a key of the changes topic is a revocation's. */
  public static boolean isRecordKey(String recordKey) {
    int slash = recordKey.indexOf('/');
    return slash > 0 && recordKey.startsWith(MARK, slash);
  }

  /**
   * The cluster that a record's key names.
   *
   * @throws IllegalArgumentException when it is no revocation's key
   */
  public static String clusterOf(String recordKey) {
    requireKey(recordKey);
    return recordKey.substring(0, recordKey.indexOf('/'));
  }

  /**
   * The subject that a record's key names.
   *
   * @throws IllegalArgumentException when it is no revocation's key
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
