package io.claviger.config.lifecycle;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the code that serves requests before the process reports ready. Code that has never run is a
 * hundred times slower, and the first requests arrive all at once. It runs on its own thread for a
 * bounded time. A failure is logged as a warning, does not delay readiness, and is retried. Once
 * the process is ready, the warm-up continues for part of the time: the compiler needs some
 * thousand rounds, and readiness cannot wait for them. Thread-safe.
 */
public final class WarmUp {

  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** Batches of this size are compared: single rounds vary too much. */
  private static final int BATCH = 50;

  /** After this many batches that were not faster, more rounds gain nothing. */
  private static final int PLATEAU = 8;

  private static final double FASTER = 0.95;

  /** One failure may only mean that other work occupies the cores; this many in a row do not. */
  private static final int MOST_FAILURES = 3;

  /** The first round may take seconds; on busy cores, other work takes most of that time. */
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

  /** The repeated code: run by one thread and closed after the last round. */
  public interface Exercise extends AutoCloseable {

    /** Runs one round. */
    void run() throws Exception;
  }

  /**
   * How much warm-up is enough.
   *
   * @param rounds maximum number before readiness
   * @param running no round begins later than this after the start
   * @param inAll readiness waits no longer than this, even if a round still runs
   * @param roundsAfterwards maximum number once ready
   * @param afterwards no round begins later than this after the start; then the warm-up counts as
   *     complete
   * @param pause once ready, the pause after a round as a multiple of the round's time; a quarter
   *     of a second at most
   */
  public record Bounds(
      int rounds,
      Duration running,
      Duration inAll,
      int roundsAfterwards,
      Duration afterwards,
      int pause) {}

  private final Callable<Exercise> exercise;
  private final Bounds bounds;
  private final LongSupplier nanoTime;
  private final LongConsumer sleepNanos;
  private volatile long started;
  private volatile long ready;
  private volatile State state = State.WAITING;
  private volatile boolean enough;

  private enum State {
    WAITING,
    RUNNING,
    READY,
    OVER
  }

  /**
   * Creates a warm-up that {@link #start()} starts.
   *
   * @param exercise creates the repeated code, on the warm-up's own thread
   * @param nanoTime measures durations
   * @param sleepNanos blocks the warm-up's thread, in nanoseconds
   */
  public WarmUp(
      Callable<Exercise> exercise, Bounds bounds, LongSupplier nanoTime, LongConsumer sleepNanos) {
    this.exercise = exercise;
    this.bounds = bounds;
    this.nanoTime = nanoTime;
    this.sleepNanos = sleepNanos;
  }

  /** Starts the warm-up; returns at once. */
  public void start() {
    Thread.ofPlatform().name("warm-up").daemon().start(begin());
  }

  Runnable begin() {
    started = nanoTime.getAsLong();
    state = State.RUNNING;
    return this::run;
  }

  /** Whether readiness no longer waits for it. */
  public boolean over() {
    return switch (state) {
      case WAITING -> false;
      case RUNNING -> passed(bounds.inAll());
      case READY, OVER -> true;
    };
  }

  /**
   * Whether more rounds gain little. The warm-up has run as many rounds as readiness waits for on
   * free cores, or the last ones were not faster. Also true if it has ended otherwise or its time
   * is over.
   */
  public boolean complete() {
    return switch (state) {
      case WAITING -> false;
      case RUNNING, READY -> enough || passed(bounds.afterwards());
      case OVER -> true;
    };
  }

  /** Ends it after the current round. */
  public void stop() {
    enter(State.OVER);
  }

  /** Returns how long readiness waited for it, or has waited so far, in seconds. */
  public double seconds() {
    return switch (state) {
      case WAITING -> 0;
      case RUNNING -> (nanoTime.getAsLong() - started) / 1e9;
      case READY, OVER -> (ready - started) / 1e9;
    };
  }

  private boolean passed(Duration time) {
    return nanoTime.getAsLong() - started > time.toNanos();
  }

  /** Returns false if the state is already the next one or a later one. */
  private synchronized boolean enter(State next) {
    if (state.compareTo(next) >= 0) {
      return false;
    }
    if (state.compareTo(State.READY) < 0) {
      ready = state == State.WAITING ? started : nanoTime.getAsLong();
    }
    state = next;
    return true;
  }

  private void run() {
    int failures = 0;
    while (!runPrepared() && ++failures < MOST_FAILURES && goesOn(0)) {
      sleepNanos.accept(LONGEST_PAUSE.toNanos());
    }
    enter(State.OVER);
  }

  /** Returns whether it ran to its end. */
  private boolean runPrepared() {
    try (Exercise prepared = exercise.call()) {
      int rounds = untilReady(prepared);
      if (enter(State.READY)) {
        LOG.atInfo()
            .addKeyValue("rounds", rounds)
            .addKeyValue("millis", Math.round(seconds() * 1e3))
            .log("warmed up");
      }
      goOn(prepared, rounds);
      return true;
    } catch (Exception | LinkageError e) {
      if (enter(State.READY)) {
        LOG.atWarn()
            .addKeyValue("reason", e.toString())
            .log("the warm-up failed: the first requests will be slow");
      }
      return false;
    }
  }

  private boolean goesOn(int rounds) {
    return state == State.READY
        && rounds < bounds.roundsAfterwards()
        && !passed(bounds.afterwards());
  }

  private void goOn(Exercise exercise, int before) {
    int rounds = 0;
    int failures = 0;
    while (failures < MOST_FAILURES && goesOn(rounds)) {
      long began = nanoTime.getAsLong();
      failures = succeeds(exercise) ? 0 : failures + 1;
      rounds++;
      enough |= before + rounds >= bounds.rounds();
      long pause = bounds.pause() * (nanoTime.getAsLong() - began);
      sleepNanos.accept(Math.min(pause, LONGEST_PAUSE.toNanos()));
    }
  }

  private static boolean succeeds(Exercise exercise) {
    try {
      exercise.run();
      return true;
    } catch (Exception e) {
      return false;
    }
  }

  private int untilReady(Exercise exercise) throws Exception {
    int rounds = 0;
    int slower = 0;
    long best = Long.MAX_VALUE;
    while (slower < PLATEAU && more(rounds)) {
      long before = nanoTime.getAsLong();
      int first = rounds;
      while (rounds < first + BATCH && more(rounds)) {
        exercise.run();
        rounds++;
      }
      long took = nanoTime.getAsLong() - before;
      slower = took < best * FASTER ? 0 : slower + 1;
      best = Math.min(best, took);
    }
    enough = slower == PLATEAU || rounds >= bounds.rounds();
    return rounds;
  }

  private boolean more(int rounds) {
    return state == State.RUNNING && rounds < bounds.rounds() && !passed(bounds.running());
  }
}
