package io.claviger.edge.credential;

import java.time.Duration;

/** Runs things later, without blocking anybody. */
public interface Timers {

  /** Runs the task once, after the delay. */
  void after(Duration delay, Runnable task);
}
