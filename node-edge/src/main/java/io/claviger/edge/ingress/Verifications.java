package io.claviger.edge.ingress;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Tokens of one event loop that are to be verified: some in each of its turns, so that it answers
 * others in between; the newest first, because whoever asks for it can still be answered; no more
 * than can be verified in time. On the event loop only.
 */
final class Verifications {

  /** A tenth of a millisecond each once the JVM is warm, ten times that before. */
  static final int A_TURN = 8;

  static final int MOST = 256;

  /** A request whose token is not known here. */
  interface Unverified {
    /** Whether it is too late to answer it with anything but that. */
    boolean isLate();

    /** Verifies the token, and answers by what comes of that. */
    void verify();

    /** Answers without verifying anything. */
    void refuse();
  }

  private final Consumer<Runnable> nextTurn;
  private final Deque<Unverified> waiting = new ArrayDeque<>();
  private int left = A_TURN;
  private boolean turning;

  /**
   * Nothing waits.
   *
   * @param nextTurn runs something in the event loop's next turn
   */
  Verifications(Consumer<Runnable> nextTurn) {
    this.nextTurn = nextTurn;
  }

  /** Verifies it in this turn, or a later one; refuses the oldest where too many wait. */
  void add(Unverified request) {
    turnLater();
    if (left > 0 && waiting.isEmpty()) {
      left--;
      request.verify();
      return;
    }
    if (waiting.size() == MOST) {
      waiting.removeLast().refuse();
    }
    waiting.addFirst(request);
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
      waiting.removeLast().refuse();
    }
    while (left > 0 && !waiting.isEmpty()) {
      left--;
      waiting.removeFirst().verify();
    }
    if (!waiting.isEmpty()) {
      turnLater();
    }
  }
}
