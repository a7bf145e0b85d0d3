package io.claviger.edge.ingress;

import java.time.Duration;

/**
 * When requests are answered, counted from their arrival.
 *
 * @param deadline at the latest, always
 * @param unavailablePause a 503 at the earliest
 * @param slowClient after which a client that has sent no request is cut off
 * @param drain how long requests under way may take when a listener ends
 */
public record IngressTimes(
    Duration deadline, Duration unavailablePause, Duration slowClient, Duration drain) {

  public IngressTimes {
    if (unavailablePause.compareTo(deadline) > 0) {
      throw new IllegalArgumentException("the pause before a 503 is longer than the deadline");
    }
  }

  /** A request that is older when it is read is not worth asking anybody for: 800 ms of 900. */
  Duration late() {
    return deadline.multipliedBy(8).dividedBy(9);
  }
}
