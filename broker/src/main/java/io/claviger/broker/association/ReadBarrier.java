package io.claviger.broker.association;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The barrier before a negative answer: the port to the log's current end. */
@FunctionalInterface
public interface ReadBarrier {

  /** The wait for pods, whose own timeout is one second. */
  Duration FOR_PODS = Duration.ofMillis(200);

  /**
   * The wait for operators. A broker that has just started on busy cores needs longer than {@link
   * #FOR_PODS}, and some programs do not retry in the middle of a list.
   */
  Duration FOR_OPERATORS = Duration.ofSeconds(2);

  /**
   * Waits until the table has applied everything that the cluster's log contained at the call, at
   * most for the timeout. Concurrent callers share one request to Kafka. Never fails.
   */
  CompletionStage<Reach> reach(String cluster, Duration timeout);

  /** The result of the wait. */
  enum Reach {
    /** The table is as new as the log was at the call. */
    REACHED,
    /** The table did not catch up in time. */
    LATE,
    /**
     * Kafka is unavailable, so no broker can be ahead of the table at the call. There was no wait.
     */
    AWAY
  }
}
