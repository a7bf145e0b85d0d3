package io.claviger.broker.identity;

import java.time.Duration;

/** Runs tasks later, without blocking a thread. */
@FunctionalInterface
public interface Timers {

  /** Runs the task once, after the delay. */
  void after(Duration delay, Runnable task);
}
