package io.claviger.fault;

import java.time.Duration;

/**
 * Something that goes wrong in a mesh, and is over again.
 *
 * @param name as it is called by
 * @param what one line for a person
 * @param promise what holds meanwhile; that no answer is served which is not allowed always does
 * @param sts how long STS takes for a call
 * @param changesRoles how often roles of some service accounts are changed meanwhile; zero: never,
 *     as where new sessions cannot be had
 * @param begin does it; returns when it is done to the mesh
 * @param end undoes it; returns when all members are ready again
 */
public record Fault(
    String name,
    String what,
    Promise promise,
    Duration sts,
    Duration changesRoles,
    Action begin,
    Action end) {

  /** What is promised to pods. */
  public enum Promise {
    /** No SDK's fetch fails, its retries included; of single requests under 0.1 % are told 503. */
    EVERY_FETCH,
    /** The same, at edges that have just been started; a quick run lets these be late. */
    NEW_EDGES,
    /** As for every fetch, for pods on other nodes; at the first node an edge is away. */
    OTHER_NODES,
    /** The same; the first node's edge cannot be told anything until it runs again. */
    OTHER_NODES_CUT_OFF,
    /**
     * The same for service accounts whose roles do not change; the others need sessions that nobody
     * can have.
     */
    OTHER_ACCOUNTS,
    /** Pods may have to wait, and are served afterwards. */
    AFTERWARDS
  }

  /** Done to a mesh; may block. */
  @FunctionalInterface
  public interface Action {
    /** Does it. */
    void on(Stage stage) throws InterruptedException;
  }
}
