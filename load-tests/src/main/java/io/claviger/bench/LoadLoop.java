package io.claviger.bench;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends requests from one thread. With a rate, each request is due at a fixed time, independently
 * of earlier ones. Its duration counts from that time, even if the generator is busy. It never
 * retries.
 */
final class LoadLoop {

  /** Longer than any client waits. */
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long LOOKS_EVERY_MILLIS = 250;

  private final LoadShape shape;
  private final List<PlannedRequest> plan;
  private final Answers answers;
  private final Map<Integer, Queue<LoadConnection>> idle = new HashMap<>();
  private final Selector selector;
  private final long periodNanos;
  private long start;
  private long next;
  private long ended;
  private volatile boolean over;

  /** Receives the status of a request, or the lack of one, its nanoseconds, and its connection. */
  @FunctionalInterface
  interface Answers {
    void answered(LoadConnection connection, int status, long nanos);
  }

  LoadLoop(LoadShape shape, List<PlannedRequest> plan, Answers answers) throws IOException {
    this.shape = shape;
    this.plan = List.copyOf(plan);
    this.answers = answers;
    this.selector = Selector.open();
    this.periodNanos = shape.isFlatOut() ? 0 : TimeUnit.SECONDS.toNanos(1) / shape.rate();
    for (int i = 0; i < shape.kept(); i++) {
      int port = plan.get(i % plan.size()).port();
      connections(port).add(new LoadConnection(selector, port, true, this));
    }
  }

  /** Returns when all requests have ended; returns the duration in nanoseconds. */
  long run() throws IOException {
    start = System.nanoTime();
    if (shape.isFlatOut()) {
      for (int i = 0; i < shape.kept(); i++) {
        ask(start);
      }
    } else {
      Thread.ofPlatform().daemon().name("load-pace").start(this::pace);
    }
    long looked = start;
    while (isUnderWay()) {
      selector.select(key -> ready(key), LOOKS_EVERY_MILLIS);
      sendDue();
      long now = System.nanoTime();
      if (TimeUnit.NANOSECONDS.toMillis(now - looked) > LOOKS_EVERY_MILLIS) {
        looked = now;
        endSilent(now);
      }
    }
    over = true;
    long took = System.nanoTime() - start;
    selector.keys().forEach(key -> connection(key).close());
    selector.close();
    return took;
  }

  private boolean isUnderWay() {
    return ended < next || (shape.isFlatOut() ? isTimeLeft() : next < shape.count());
  }

  private boolean isTimeLeft() {
    return System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(shape.millis());
  }

  /**
   * Wakes the loop when a request is due: a selector's own timeout has a resolution of a
   * millisecond.
   */
  private void pace() {
    for (long number = 0; number < shape.count() && !over; number++) {
      long wait = start + number * periodNanos - System.nanoTime();
      if (wait > 0) {
        LockSupport.parkNanos(wait);
      }
      selector.wakeup();
    }
  }

  private void sendDue() {
    if (shape.isFlatOut()) {
      return;
    }
    long now = System.nanoTime();
    while (next < shape.count() && now - (start + next * periodNanos) >= 0) {
      ask(start + next * periodNanos);
    }
  }

  private void ask(long due) {
    long number = next++;
    PlannedRequest request = plan.get((int) (number % plan.size()));
    LoadConnection free = connections(request.port()).poll();
    if (free == null) {
      free = new LoadConnection(selector, request.port(), shape.kept() > 0, this);
    }
    free.ask(request.token(), number, due);
  }

  private Queue<LoadConnection> connections(int port) {
    return idle.computeIfAbsent(port, absent -> new ArrayDeque<>());
  }

  private static LoadConnection connection(SelectionKey key) {
    return (LoadConnection) key.attachment();
  }

  private static void ready(SelectionKey key) {
    connection(key).ready(key);
  }

  private void endSilent(long now) {
    List.copyOf(selector.keys()).stream()
        .map(LoadLoop::connection)
        .filter(connection -> connection.isWaiting() && now - connection.due() > TIMEOUT_NANOS)
        .forEach(connection -> connection.end(LoadConnection.SILENT));
  }

  /** A connection calls it when its request has ended. */
  void ended(LoadConnection connection, int status) {
    ended++;
    answers.answered(connection, status, System.nanoTime() - connection.due());
    connections(connection.port()).add(connection);
    // After a broken connection there is no next request: it would fail at once, in an endless
    // loop.
    if (shape.isFlatOut() && status > 0 && isTimeLeft()) {
      ask(System.nanoTime());
    }
  }
}
