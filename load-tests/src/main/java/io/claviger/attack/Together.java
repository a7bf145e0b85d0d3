package io.claviger.attack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Tries inputs of an attack in parallel, so that their waiting times do not add up. */
final class Together {

  private static final Duration PAUSE = Duration.ofMillis(200);

  private Together() {}

  /** Tries one input; an exception is recorded as a failure. */
  @FunctionalInterface
  interface Task<T> {
    /** Tries it. */
    void run(T input) throws Exception;
  }

  /** A step; an exception is recorded as a failure. */
  @FunctionalInterface
  interface Step {
    /** Runs it. */
    void run() throws Exception;
  }

  /** Repeats a step during a flood until the flood is over, at least once. */
  static void beside(Tally tally, Step flood, Step beside) throws InterruptedException {
    Thread flooding = Thread.ofVirtual().start(() -> attempt(tally, flood));
    try {
      do {
        attempt(tally, beside);
      } while (!flooding.join(PAUSE));
    } finally {
      // The flood is over already, unless the waiting thread was interrupted.
      flooding.interrupt();
      flooding.join();
    }
  }

  private static void attempt(Tally tally, Step step) {
    try {
      step.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      tally.broken("a step failed: " + e);
    }
  }

  /** Tries each input, all in parallel, and waits for all. */
  static <T> void each(Collection<T> inputs, Tally tally, Task<T> task)
      throws InterruptedException {
    each(inputs, inputs.size(), tally, task);
  }

  /** Tries each input with limited parallelism, and waits for all. */
  static <T> void each(Collection<T> inputs, int atOnce, Tally tally, Task<T> task)
      throws InterruptedException {
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (T input : inputs) {
      tasks.add(
          () -> {
            task.run(input);
            return true;
          });
    }
    try (ExecutorService threads =
        Executors.newFixedThreadPool(Math.max(1, atOnce), Thread.ofVirtual().factory())) {
      for (Future<Boolean> done : threads.invokeAll(tasks)) {
        try {
          var unused = done.get();
        } catch (ExecutionException e) {
          tally.broken("an input could not be tried: " + e.getCause());
        }
      }
    }
  }
}
