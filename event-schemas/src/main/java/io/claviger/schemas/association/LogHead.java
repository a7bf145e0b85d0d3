package io.claviger.schemas.association;

import io.claviger.schemas.Check;
import org.jspecify.annotations.Nullable;

/**
 * The last position that a cluster's log has used: a record of {@link Topics#CHANGES} whose key is
 * the cluster's name. Each change writes it in the same transaction. A sequence is therefore never
 * used twice, even after compaction of a tombstone.
 *
 * @param version of this record's format; 1
 * @param cluster the registered name of the Kubernetes cluster
 * @param position the last position used
 * @param clusterUid the uid of the namespace {@code kube-system} of the Kubernetes cluster that the
 *     log is bound to; absent until it is bound
 */
public record LogHead(int version, String cluster, Position position, @Nullable String clusterUid) {

  public LogHead {
    Check.text(cluster, "cluster");
    Check.present(position, "position");
  }

  /** Returns a head of the current version. */
  public static LogHead of(String cluster, Position position, @Nullable String clusterUid) {
    return new LogHead(1, cluster, position, clusterUid);
  }
}
