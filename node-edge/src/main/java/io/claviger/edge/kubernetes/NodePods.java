package io.claviger.edge.kubernetes;

import io.claviger.edge.telemetry.EdgeMeters;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The pods of this node that are known to be there. Of one event loop. */
final class NodePods {

  private final Set<String> present = new HashSet<>();
  private final Consumer<String> deleted;
  private final EdgeMeters meters;

  /**
   * None is known.
   *
   * @param deleted told the uid of each pod that was there and is not any more
   */
  NodePods(Consumer<String> deleted, EdgeMeters meters) {
    this.deleted = deleted;
    this.meters = meters;
  }

  /** Those that are listed are there, all others are not. */
  void are(Set<String> listed) {
    List.copyOf(present).stream().filter(uid -> !listed.contains(uid)).forEach(this::deleted);
    present.addAll(listed);
  }

  void added(String uid) {
    if (present.size() < PodList.MAX_PODS) {
      present.add(uid);
    }
  }

  void deleted(String uid) {
    present.remove(uid);
    meters.podDeleted();
    deleted.accept(uid);
  }

  int size() {
    return present.size();
  }
}
