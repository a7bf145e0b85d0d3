package io.claviger.edge.credential;

import java.time.Duration;

/** Runs tasks later without blocking a thread. */
public interface Timers {

  /**
   * Runs the task once, after the delay.
   *
   * @return cancels the task if it has not run
   */
  Runnable after(Duration delay, Runnable task);
}
