package io.claviger.broker.ingress;

import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The pods that one edge has reported on a connection. Their deletion is pushed to the edge. An
 * edge that reports too many gets all deletions. Thread-safe.
 *
 * <p>A handler adds a pod before it looks the pod up, so that a deletion is either found or pushed.
 */
final class ReportedPods {

  static final int MAX = 10_000;

  private final int max;
  private final Set<UUID> uids = ConcurrentHashMap.newKeySet();
  private volatile boolean all;

  ReportedPods() {
    this(MAX);
  }

  ReportedPods(int max) {
    this.max = max;
  }

  void add(UUID uid) {
    if (!all && uids.add(uid) && uids.size() > max) {
      all = true;
      uids.clear();
    }
  }

  /**
   * Removes and returns the deleted pods to push, each once. After a list of a whole cluster,
   * {@code gone} may be very large. So this iterates over the smaller of the two sets.
   */
  Set<UUID> remove(Set<UUID> gone) {
    if (all) {
      return gone;
    }
    Set<UUID> found =
        gone.size() < uids.size()
            ? gone.stream().filter(uids::contains).collect(Collectors.toSet())
            : uids.stream().filter(gone::contains).collect(Collectors.toSet());
    uids.removeAll(found);
    return found;
  }
}
