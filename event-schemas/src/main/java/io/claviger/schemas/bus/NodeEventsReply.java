package io.claviger.schemas.bus;

/**
 * A broker's answer to {@link NodeEvents}.
 *
 * @param taken so many, from the first on, are in the broker's audit queue: the edge may forget
 *     them
 * @param retryAfterMillis when to tell the rest again, milliseconds; 0 when there is none
 */
public record NodeEventsReply(int taken, long retryAfterMillis) {

  public NodeEventsReply {
    if (taken < 0 || retryAfterMillis < 0) {
      throw new IllegalArgumentException("taken or retryAfterMillis is negative");
    }
  }
}
