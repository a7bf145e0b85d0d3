package io.claviger.edge.credential;

import io.claviger.edge.workload.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Timers on a test's clock: due tasks run when the test advances the clock. */
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

  /** Advances the clock and runs each due task at its own time. */
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
