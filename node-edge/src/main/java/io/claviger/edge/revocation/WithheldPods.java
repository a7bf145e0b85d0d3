package io.claviger.edge.revocation;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.Withheld;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pods of this node's cluster to which nothing is handed out from memory: a broker is asked for
 * them each time. Sessions are shared, so what is held may be right for every pod but one. Bounded,
 * as what brokers tell is; thread-safe.
 */
public final class WithheldPods {

  private record Pods(boolean everything, Set<String> pods) {}

  /** Absent while nothing is withheld, which is nearly always: one volatile read says so. */
  private volatile @Nullable Pods inForce;

  private volatile Position position = Position.NONE;

  /**
   * Takes what a broker tells, unless it is older than what is known.
   *
   * @return whether it was taken
   */
  public synchronized boolean accept(Withheld told) {
    if (!told.position().reaches(position)) {
      return false;
    }
    boolean nothing = !told.everything() && told.pods().isEmpty();
    inForce = nothing ? null : new Pods(told.everything(), Set.copyOf(told.pods()));
    // Last: who sees the position sees what is withheld at it.
    position = told.position();
    return true;
  }

  /** Whether a broker has to be asked for this pod. */
  public boolean withholds(WorkloadIdentity workload) {
    Pods now = inForce;
    return now != null
        && (now.everything()
            || now.pods().contains(workload.podUid())
            || now.pods().contains(workload.namespace() + "/" + workload.podName()));
  }

  /** Whether a broker has to be asked for every pod. */
  public boolean withholdsEverything() {
    Pods now = inForce;
    return now != null && now.everything();
  }

  /**
   * Whether a broker that answered at this position knew of everything that is known here: of a pod
   * that is withheld, and of one that is not any more.
   */
  public boolean isKnownAt(Position answered) {
    return answered.reaches(position);
  }
}
