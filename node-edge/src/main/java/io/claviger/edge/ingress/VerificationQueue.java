package io.claviger.edge.ingress;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tokens of one event loop that are to be verified: some in each of its turns, so that it answers
 * others in between; the newest first, because whoever asks for it can still be answered; no more
 * than can be verified in time. On the event loop only.
 */
final class VerificationQueue {

  /** A tenth of a millisecond each once the JVM is warm, ten times that before. */
  static final int A_TURN = 8;

  static final int MOST = 256;

  /** Newest first, so whoever asks most would be first: nobody has more than half of the places. */
  static final int MOST_OF_ONE_SOURCE = MOST / 2;

  /** A request whose token is not known here. */
  interface Unverified {
    /** The address that it came from. */
    String source();

    /** Whether it is too late to answer it with anything but that. */
    boolean isLate();

    /** Verifies the token, and answers by what comes of that. */
    void verify();

    /** Answers without verifying anything. */
    void refuse();
  }

  private final Consumer<Runnable> nextTurn;
  private final Deque<Unverified> waiting = new ArrayDeque<>();
  private final Map<String, Integer> bySource = new HashMap<>();
  private int left = A_TURN;
  private boolean turning;

  /**
   * Nothing waits.
   *
   * @param nextTurn runs something in the event loop's next turn
   */
  VerificationQueue(Consumer<Runnable> nextTurn) {
    this.nextTurn = nextTurn;
  }

  /**
   * Verifies it in this turn, or a later one; refuses the oldest where too many wait, and it where
   * too many of its source do.
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
