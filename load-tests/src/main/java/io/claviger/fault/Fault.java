package io.claviger.fault;

import java.time.Duration;

/**
 * A temporary fault of a mesh.
 *
 * @param name for the command line
 * @param what a description in one line
 * @param promise what holds during the fault; besides, no answer may violate a rule
 * @param sts latency of STS
 * @param changesRoles interval between role changes of some service accounts; zero for none, as
 *     where no new session can be opened
 * @param begin starts the fault; returns when it is in effect
 * @param end ends the fault; returns when all processes are ready again
 */
public record Fault(
    String name,
    String what,
    Promise promise,
    Duration sts,
    Duration changesRoles,
    Action begin,
    Action end) {

  /** The promise to pods. */
  public enum Promise {
    /**
     * Every SDK fetch succeeds, counting the SDK's own retries. Fewer than 0.1 % of single requests
     * get a 503.
     */
    EVERY_FETCH,
    /** The same at edges that have just started; a quick run allows them to be late. */
    NEW_EDGES,
    /** As for every fetch, on the other nodes. The first node has no edge for a time. */
    OTHER_NODES,
    /** The same. The first node's edge receives no changes until it runs again. */
    OTHER_NODES_CUT_OFF,
    /**
     * As for every fetch, for service accounts whose roles do not change. The others need new
     * sessions, which cannot be opened.
     */
    OTHER_ACCOUNTS,
    /** Pods may have to wait, and are served after the fault. */
    AFTERWARDS
  }

  /** An action on a mesh; may block. */
  @FunctionalInterface
  public interface Action {
    /** Runs the action. */
    void on(Stage stage) throws InterruptedException;
  }
}
