package io.claviger.broker.identity;

import io.claviger.schemas.workload.WorkloadIdentity;
import java.util.concurrent.CompletionStage;

/** Where a cluster's pods run: the port to its API. */
@FunctionalInterface
public interface PodNodes {

  /**
   * Looks up where a pod runs.
   *
   * @return within the adapter's deadline; never fails
   */
  CompletionStage<NodeLookup> find(Pod pod);

  /**
   * A pod, as a verified token or an edge identifies it.
   *
   * @param namespace its namespace
   * @param name its name
   * @param uid distinguishes it from other pods of this name
   */
  record Pod(String namespace, String name, String uid) {

    static Pod of(WorkloadIdentity workload) {
      return new Pod(workload.namespace(), workload.podName(), workload.podUid());
    }
  }

  /** The result of a look-up. */
  sealed interface NodeLookup {

    /** The pod is bound to this node, and never to another. */
    record On(String node) implements NodeLookup {}

    /** There is no pod with this name and uid. */
    record Gone() implements NodeLookup {}

    /**
     * The cluster does not respond now, or the pod has no node yet.
     *
     * @param message why, for a person
     */
    record Away(String message) implements NodeLookup {}

    /** The rate limit did not allow the look-up, because too many pods are new. */
    record NotAsked() implements NodeLookup {}
  }
}
