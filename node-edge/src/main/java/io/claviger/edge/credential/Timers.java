package io.claviger.edge.credential;

import java.time.Duration;

/** Runs things later, without blocking anybody. */
public interface Timers {

  /**
   * Runs the task once, after the delay.
   *
   * @return keeps it from that if it has not been done
   */
  Runnable after(Duration delay, Runnable task);
}
