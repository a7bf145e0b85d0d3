package io.claviger.edge.upstream;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether the broker of one connection is alive. It answers pings at once and in the order of all
 * frames. The answer to a ping after a request therefore proves that the broker has read the
 * request, however long the request takes. On the connection's context only.
 */
final class SignsOfLife {

  private static final Duration TURN = Duration.ofSeconds(1);
  private static final int SILENT_TURNS = 4;

  private final Vertx vertx;
  private final LongSupplier nanoTime;
  private final Runnable ping;
  private final Runnable suspected;
  private final long turns;
  private long count;
  private int silentTurns;
  private boolean pingDue;
  private boolean pinged;
  private long pingedAt;
  private Duration roundTrip = Duration.ZERO;
  private boolean probing;
  private boolean suspect;
  private boolean ended;

  /**
   * Requests a sign of life each second until it is ended.
   *
   * @param ping requests one
   * @param suspected called if none came in time
   * @param dead called if none came for too long
   */
  SignsOfLife(
      Vertx vertx, LongSupplier nanoTime, Runnable ping, Runnable suspected, Runnable dead) {
    this.vertx = vertx;
    this.nanoTime = nanoTime;
    this.ping = ping;
    this.suspected = suspected;
    this.turns = vertx.setPeriodic(TURN.toMillis(), timer -> nextTurn(dead));
  }

  private void nextTurn(Runnable dead) {
    if (++silentTurns > SILENT_TURNS) {
      dead.run();
    } else {
      ping();
    }
  }

  /** Records received data. */
  void heard() {
    silentTurns = 0;
    count++;
    suspect = false;
    if (pinged) {
      pinged = false;
      roundTrip = Duration.ofNanos(nanoTime.getAsLong() - pingedAt);
    }
  }

  /** Returns how many signs of life there have been. */
  long count() {
    return count;
  }

  /** Returns how long the last requested one took. */
  Duration roundTrip() {
    return roundTrip;
  }

  /** Whether the last requested one did not come in time. */
  boolean suspect() {
    return suspect;
  }

  /**
   * Requests one; not before the login's answer, because a broker accepts nothing else until then.
   */
  void ping() {
    if (count == 0 || ended) {
      return;
    }
    if (!pinged) {
      pinged = true;
      pingedAt = nanoTime.getAsLong();
    }
    ping.run();
  }

  /** Requests one after everything that is sent in this turn. */
  void pingAfterThisTurn() {
    if (!pingDue) {
      pingDue = true;
      vertx.runOnContext(
          nothing -> {
            pingDue = false;
            ping();
          });
    }
  }

  /**
   * Requests one, and suspects the broker if it does not come in time. Only one such probe runs at
   * a time, however many requests are slow.
   */
  void probe(Duration timeout) {
    if (!probing) {
      probing = true;
      ping();
      await(count, timeout);
    }
  }

  private void await(long before, Duration timeout) {
    long due = nanoTime.getAsLong() + timeout.toNanos();
    vertx.setTimer(Math.max(1, timeout.toMillis()), timer -> look(before, due));
  }

  private void look(long before, long due) {
    boolean silent = count == before && !ended;
    if (silent && nanoTime.getAsLong() - due > Hedging.LATE.toNanos()) {
      // This edge itself was late: read first what arrived meanwhile.
      await(before, Hedging.LATE);
      return;
    }
    probing = false;
    if (silent && !suspect) {
      suspect = true;
      suspected.run();
    }
  }

  void end() {
    ended = true;
    vertx.cancelTimer(turns);
  }
}
