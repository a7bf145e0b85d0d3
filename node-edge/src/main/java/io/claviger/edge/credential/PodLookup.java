package io.claviger.edge.credential;

import io.claviger.schemas.bus.PodReport;
import java.util.concurrent.CompletionStage;

/** Asks the brokers whether a pod exists. */
public interface PodLookup {

  /** The brokers' answer. */
  enum Presence {
    /** The pod exists. */
    THERE,
    /** The pod is deleted. */
    GONE,
    /** No broker could answer in time. */
    UNKNOWN,
    /** The brokers did not ask the cluster, because too many requests to it are under way. */
    NOT_ASKED
  }

  /**
   * Asks about a pod that is new here. From then on brokers report when it is gone.
   *
   * @return completed within the time that a pod may wait; never fails
   */
  CompletionStage<Presence> ask(PodReport.Pod pod);
}
