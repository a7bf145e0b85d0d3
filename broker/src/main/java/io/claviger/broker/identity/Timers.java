package io.claviger.broker.identity;

import java.time.Duration;

/** Runs things later, without blocking anybody. */
@FunctionalInterface
public interface Timers {

  /** Runs the task once, after the delay. */
  void after(Duration delay, Runnable task);
}
