package io.claviger.broker.ingress;

import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The pods that one edge has reported on a connection: it is told when one of them is gone. One
 * that reports too many is told of all. Thread-safe.
 *
 * <p>Whoever looks for a pod for an edge adds it first: that it is gone is then either found or
 * pushed.
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
   * Those of the pods that the edge has to be told of, once each. After a list of a whole cluster
   * there may be very many: the smaller of the two sets is walked through.
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
