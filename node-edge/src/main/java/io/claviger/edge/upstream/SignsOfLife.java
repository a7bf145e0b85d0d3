package io.claviger.edge.upstream;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether the broker of one connection is there. It answers pings in the order of everything else
 * that it is sent, and at once: so a ping after a request says that it has read the request,
 * whatever that takes it then. On the connection's context only.
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
   * Asks for a sign of life each second until it is ended.
   *
   * @param ping asks for one
   * @param suspected called when none came although it was asked for
   * @param dead called when none came for too long
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

  /** Something was received. */
  void heard() {
    silentTurns = 0;
    count++;
    suspect = false;
    if (pinged) {
      pinged = false;
      roundTrip = Duration.ofNanos(nanoTime.getAsLong() - pingedAt);
    }
  }

  /** How many there have been. */
  long count() {
    return count;
  }

  /** How long the last one took that was asked for. */
  Duration roundTrip() {
    return roundTrip;
  }

  /** Whether none came when it was last asked for. */
  boolean suspect() {
    return suspect;
  }

  /** Asks for one; not before the login's answer, for a broker takes nothing else until then. */
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

  /** Asks for one behind everything that is sent in this turn. */
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
   * Asks for one, and suspects the broker when it does not come in time. However many requests are
   * slow at once, it is asked once at a time.
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
      // Whoever listens late hears late: what came meanwhile is read first.
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
