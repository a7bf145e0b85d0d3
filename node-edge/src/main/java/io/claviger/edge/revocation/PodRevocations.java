package io.claviger.edge.revocation;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.RevokedPods;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pods of this node's cluster to which nothing is served from memory: a broker is asked for
 * them each time. Sessions are shared, so what is cached may be right for every pod but one.
 * Bounded, as brokers' messages are; thread-safe.
 */
public final class PodRevocations {

  private record Pods(boolean everything, Set<String> pods) {}

  /** Absent while nothing is revoked, which is nearly always: one volatile read says so. */
  private volatile @Nullable Pods inForce;

  private volatile Position position = Position.NONE;

  /**
   * Takes what a broker says, unless it is older than what is known.
   *
   * @return whether it was taken
   */
  public synchronized boolean accept(RevokedPods reported) {
    if (!reported.position().isAtLeast(position)) {
      return false;
    }
    boolean nothing = !reported.everything() && reported.pods().isEmpty();
    inForce = nothing ? null : new Pods(reported.everything(), Set.copyOf(reported.pods()));
    // Last: who sees the position sees what is revoked at it.
    position = reported.position();
    return true;
  }

  /** Whether a broker has to be asked for this pod. */
  public boolean revokes(WorkloadIdentity workload) {
    Pods now = inForce;
    return now != null
        && (now.everything()
            || now.pods().contains(workload.podUid())
            || now.pods().contains(workload.namespace() + "/" + workload.podName()));
  }

  /** Whether a broker has to be asked for every pod. */
  public boolean revokesAll() {
    Pods now = inForce;
    return now != null && now.everything();
  }

  /**
   * Whether a broker that answered at this position knew of everything that is known here: of a pod
   * that is revoked, and of one that is not any more.
   */
  public boolean isKnownAt(Position answered) {
    return answered.isAtLeast(position);
  }
}
