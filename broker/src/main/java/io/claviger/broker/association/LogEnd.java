package io.claviger.broker.association;

import java.util.concurrent.CompletionStage;

/** The barrier before a negative answer: the port to the log's current end. */
@FunctionalInterface
public interface LogEnd {

  /**
   * Waits until the table has applied everything that the cluster's log held when this was called,
   * at most 200 ms. Concurrent callers share one question to the log. Never fails.
   */
  CompletionStage<Reach> reach(String cluster);

  /** How it went. */
  enum Reach {
    /** The table is as new as the log was when it was asked. */
    REACHED,
    /** The table could not catch up in time. */
    LATE,
    /** The log is away: nobody can be ahead of what the table held then. Nothing was waited for. */
    AWAY
  }
}
