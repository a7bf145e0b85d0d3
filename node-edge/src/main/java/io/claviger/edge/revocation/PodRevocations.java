package io.claviger.edge.revocation;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.RevokedPods;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The revoked pods of this node's cluster. They are served nothing from the cache; a broker answers
 * each of their requests. Sessions are shared, so a cached session may be right for all pods but
 * one. Bounded, as brokers' messages are; thread-safe.
 */
public final class PodRevocations {

  private record Pods(boolean everything, Set<String> pods) {}

  /** Absent while no pod is revoked, which is the usual case: one volatile read suffices. */
  private volatile @Nullable Pods inForce;

  private volatile Position position = Position.NONE;

  /**
   * Applies a broker's report, unless it is older than the current one.
   *
   * @return whether it was applied
   */
  public synchronized boolean accept(RevokedPods reported) {
    if (!reported.position().isAtLeast(position)) {
      return false;
    }
    boolean nothing = !reported.everything() && reported.pods().isEmpty();
    inForce = nothing ? null : new Pods(reported.everything(), Set.copyOf(reported.pods()));
    // Last, so that a thread that reads the position also sees the pods revoked at it.
    position = reported.position();
    return true;
  }

  /** Whether a broker has to answer for this pod. */
  public boolean revokes(WorkloadIdentity workload) {
    Pods now = inForce;
    return now != null
        && (now.everything()
            || now.pods().contains(workload.podUid())
            || now.pods().contains(workload.namespace() + "/" + workload.podName()));
  }

  /** Whether a broker has to answer for every pod. */
  public boolean revokesAll() {
    Pods now = inForce;
    return now != null && now.everything();
  }

  /**
   * Whether a broker that answered at this position had applied everything that this edge has: pods
   * that are revoked, and pods that were restored.
   */
  public boolean isKnownAt(Position answered) {
    return answered.isAtLeast(position);
  }
}
