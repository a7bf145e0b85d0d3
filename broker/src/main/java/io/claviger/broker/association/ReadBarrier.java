package io.claviger.broker.association;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The barrier before a negative answer: the port to the log's current end. */
@FunctionalInterface
public interface ReadBarrier {

  /** How long pods wait, whose own timeout is a second. */
  Duration FOR_PODS = Duration.ofMillis(200);

  /**
   * How long operators wait. A broker that has just started on busy cores takes longer than a pod
   * would, and a program that is told "ask again" where the next page could have been may not.
   */
  Duration FOR_OPERATORS = Duration.ofSeconds(2);

  /**
   * Waits until the table has applied everything that the cluster's log held when this was called,
   * no longer than asked for. Concurrent callers share one request to the log. Never fails.
   */
  CompletionStage<Reach> reach(String cluster, Duration timeout);

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
