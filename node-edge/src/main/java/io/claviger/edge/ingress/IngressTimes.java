package io.claviger.edge.ingress;

import java.time.Duration;

/**
 * When requests are answered, counted from their arrival.
 *
 * @param deadline the latest time of every answer
 * @param unavailablePause the earliest time of a 503
 * @param slowClient after which a client without a whole request is disconnected
 * @param drain how long requests under way may take when a listener stops
 */
public record IngressTimes(
    Duration deadline, Duration unavailablePause, Duration slowClient, Duration drain) {

  public IngressTimes {
    if (unavailablePause.compareTo(deadline) > 0) {
      throw new IllegalArgumentException("the pause before a 503 is longer than the deadline");
    }
  }

  /** Returns the age from which a request is answered without asking a broker: 800 ms of 900. */
  Duration late() {
    return deadline.multipliedBy(8).dividedBy(9);
  }
}
