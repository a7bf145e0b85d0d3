package io.claviger.broker.identity;

import io.claviger.schemas.workload.WorkloadIdentity;
import java.util.concurrent.CompletionStage;

/** Where a cluster's pods run: the port to its API. */
@FunctionalInterface
public interface PodNodes {

  /**
   * Asks where a pod runs.
   *
   * @return within the adapter's deadline; never fails
   */
  CompletionStage<NodeLookup> find(Pod pod);

  /**
   * A pod, as a verified token or an edge names it.
   *
   * @param namespace its namespace
   * @param name its name
   * @param uid which of all that ever had this name
   */
  record Pod(String namespace, String name, String uid) {

    static Pod of(WorkloadIdentity workload) {
      return new Pod(workload.namespace(), workload.podName(), workload.podUid());
    }
  }

  /** What the cluster says. */
  sealed interface NodeLookup {

    /** It is bound to this node, and will be to no other one. */
    record On(String node) implements NodeLookup {}

    /** There is no pod of this name and uid. */
    record Gone() implements NodeLookup {}

    /**
     * It says nothing now, or does not know yet.
     *
     * @param message why, for a person
     */
    record Away(String message) implements NodeLookup {}

    /** It was not asked: too many pods are new. The requester's own doing says nothing of it. */
    record NotAsked() implements NodeLookup {}
  }
}
