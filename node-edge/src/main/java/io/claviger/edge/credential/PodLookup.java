package io.claviger.edge.credential;

import io.claviger.schemas.bus.PodReport;
import java.util.concurrent.CompletionStage;

/** The brokers, asked whether a pod is there. */
public interface PodLookup {

  /** What they say. */
  enum Presence {
    /** It is there. */
    THERE,
    /** It is deleted. */
    GONE,
    /** No broker could say in time. */
    UNKNOWN,
    /** Too many are asked about for this one to have been asked about. */
    NOT_ASKED
  }

  /**
   * Asks about a pod that is new here. From then on brokers say when it is gone.
   *
   * @return within the time that a pod may wait; never fails
   */
  CompletionStage<Presence> ask(PodReport.Pod pod);
}
