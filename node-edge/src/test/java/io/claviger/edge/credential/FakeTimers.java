package io.claviger.edge.credential;

import io.claviger.edge.workload.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Timers on a test's clock: what is due runs when the test lets time pass. */
final class FakeTimers implements Timers {

  private record Due(Instant at, Runnable task) {}

  private final TestClock clock;
  private final PriorityQueue<Due> waiting = new PriorityQueue<>(Comparator.comparing(Due::at));

  FakeTimers(TestClock clock) {
    this.clock = clock;
  }

  @Override
  public Runnable after(Duration delay, Runnable task) {
    Due due = new Due(clock.instant().plus(delay), task);
    waiting.add(due);
    return () -> waiting.remove(due);
  }

  /** Lets time pass, and what is due in it happen at its own moment. */
  void pass(Duration time) {
    Instant end = clock.instant().plus(time);
    while (!waiting.isEmpty() && !waiting.peek().at().isAfter(end)) {
      Due due = waiting.remove();
      clock.advance(Duration.between(clock.instant(), due.at()));
      due.task().run();
    }
    clock.advance(Duration.between(clock.instant(), end));
  }
}
