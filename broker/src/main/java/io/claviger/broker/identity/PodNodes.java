package io.claviger.broker.identity;

import io.claviger.schemas.workload.WorkloadIdentity;
import java.util.concurrent.CompletionStage;

/** Where a cluster's pods run: the port to its API. */
@FunctionalInterface
public interface PodNodes {

  /**
   * Asks where a pod runs.
   *
   * @param pod by its namespace, name and uid; of a verified token
   * @return within the adapter's deadline; never fails
   */
  CompletionStage<Place> find(WorkloadIdentity pod);

  /** What the cluster says. */
  sealed interface Place {

    /** It is bound to this node, and will be to no other one. */
    record On(String node) implements Place {}

    /** There is no pod of this name and uid. */
    record Gone() implements Place {}

    /**
     * It says nothing now, or does not know yet.
     *
     * @param message why, for a person
     */
    record Away(String message) implements Place {}
  }
}
