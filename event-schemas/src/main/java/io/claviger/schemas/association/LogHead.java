package io.claviger.schemas.association;

import io.claviger.schemas.Check;

/**
 * The last position that a cluster's log has used: a record of {@link Topics#CHANGES} whose key is
 * the cluster's name. It is written in the transaction of each change, so that compaction of a
 * tombstone cannot make a sequence be used twice.
 *
 * @param version of this record's format; 1
 * @param cluster the registered name of the Kubernetes cluster
 * @param position the last position used
 */
public record LogHead(int version, String cluster, Position position) {

  public LogHead {
    Check.text(cluster, "cluster");
    Check.present(position, "position");
  }

  /** A head of the current version. */
  public static LogHead of(String cluster, Position position) {
    return new LogHead(1, cluster, position);
  }
}
