package io.claviger.checker;

import java.time.Instant;

/**
 * An answer to a pod.
 *
 * @param workload its service account, {@code namespace/name}
 * @param node the node that its token is bound to
 * @param edge the node of the edge that answered
 * @param due when its request was due; the pod sent it no earlier
 * @param at when the answer arrived
 * @param status the HTTP status; 0 or less without an answer
 * @param accessKeyId of the session; empty where none was served
 */
public record Answer(
    String workload,
    String node,
    String edge,
    Instant due,
    Instant at,
    int status,
    String accessKeyId) {

  /** HTTP's OK: credentials. */
  static final int SERVED = 200;

  /** HTTP's Forbidden: the pod may not have any. */
  static final int REFUSED = 403;

  /** Whether the pod sent the request to the edge of its own node. */
  public boolean isOwnNode() {
    return node.equals(edge);
  }

  /** Whether it got credentials. */
  public boolean served() {
    return status == SERVED;
  }
}
