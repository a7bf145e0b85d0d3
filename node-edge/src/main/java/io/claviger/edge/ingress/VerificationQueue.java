package io.claviger.edge.ingress;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The tokens of one event loop that wait for verification. The loop verifies some in each turn, so
 * that it can answer other requests in between. It takes the newest first, because their clients
 * can still be answered in time, and queues no more than it can verify in time. Used on the event
 * loop only.
 */
final class VerificationQueue {

  /** Tokens per turn: a tenth of a millisecond each once the JVM is warm, ten times that before. */
  static final int A_TURN = 8;

  static final int MOST = 256;

  /**
   * Newest first favours the busiest source, so no source may take more than half of the places.
   */
  static final int MOST_OF_ONE_SOURCE = MOST / 2;

  /** A request whose token is not verified yet. */
  interface Unverified {
    /** Returns the address that it came from. */
    String source();

    /** Whether only a 503 can still be sent in time. */
    boolean isLate();

    /** Verifies the token and answers by the result. */
    void verify();

    /** Answers without verifying the token. */
    void refuse();
  }

  private final Consumer<Runnable> nextTurn;
  private final Deque<Unverified> waiting = new ArrayDeque<>();
  private final Map<String, Integer> bySource = new HashMap<>();
  private int left = A_TURN;
  private boolean turning;

  /**
   * Starts empty.
   *
   * @param nextTurn runs a task in the event loop's next turn
   */
  VerificationQueue(Consumer<Runnable> nextTurn) {
    this.nextTurn = nextTurn;
  }

  /**
   * Verifies the request in this turn or a later one. If the queue is full, refuses the oldest
   * request; if its source has too many, refuses this one.
   */
  void add(Unverified request) {
    turnLater();
    if (left > 0 && waiting.isEmpty()) {
      left--;
      request.verify();
      return;
    }
    if (bySource.getOrDefault(request.source(), 0) >= MOST_OF_ONE_SOURCE) {
      request.refuse();
      return;
    }
    if (waiting.size() == MOST) {
      removed(waiting.removeLast()).refuse();
    }
    waiting.addFirst(request);
    bySource.merge(request.source(), 1, Integer::sum);
  }

  private Unverified removed(Unverified request) {
    bySource.computeIfPresent(request.source(), (source, count) -> count == 1 ? null : count - 1);
    return request;
  }

  private void turnLater() {
    if (!turning) {
      turning = true;
      nextTurn.accept(this::turn);
    }
  }

  private void turn() {
    turning = false;
    left = A_TURN;
    while (!waiting.isEmpty() && waiting.getLast().isLate()) {
      removed(waiting.removeLast()).refuse();
    }
    while (left > 0 && !waiting.isEmpty()) {
      left--;
      removed(waiting.removeFirst()).verify();
    }
    if (!waiting.isEmpty()) {
      turnLater();
    }
  }
}
