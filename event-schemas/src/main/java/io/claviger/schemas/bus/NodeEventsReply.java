package io.claviger.schemas.bus;

/**
 * A broker's answer to {@link NodeEvents}.
 *
 * @param taken how many events, from the first on, are in the broker's audit queue; the edge may
 *     drop these
 * @param retryAfterMillis when to report the rest again, milliseconds; 0 if none remain
 */
public record NodeEventsReply(int taken, long retryAfterMillis) {

  public NodeEventsReply {
    if (taken < 0 || retryAfterMillis < 0) {
      throw new IllegalArgumentException("taken or retryAfterMillis is negative");
    }
  }
}
