package io.claviger.checker;

import java.time.Instant;

/**
 * What a pod was answered.
 *
 * @param workload its service account, {@code namespace/name}
 * @param node that its token is bound to
 * @param edge the node whose edge it asked
 * @param due when its request was to be sent; it was sent no earlier
 * @param at when the answer was there
 * @param status of HTTP; 0 or less where there was no answer
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

  /** Whether the pod asked the edge of its own node. */
  public boolean isOwnNode() {
    return node.equals(edge);
  }

  /** Whether it got credentials. */
  public boolean served() {
    return status == SERVED;
  }
}
