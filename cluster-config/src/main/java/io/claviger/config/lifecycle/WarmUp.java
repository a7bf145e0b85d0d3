package io.claviger.config.lifecycle;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the code that serves requests before the process says that it is ready: code that has never
 * run is a hundred times slower, and the first requests come all at once. Bounded in time, on a
 * thread of its own; a failure is logged as a warning and delays nothing, and is tried again. Goes
 * on in a part of the time once the process is ready: the compiler needs some thousand rounds, and
 * readiness cannot wait for them. Thread-safe.
 */
public final class WarmUp {

  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** Rounds are compared in batches of this size: single ones vary too much. */
  private static final int BATCH = 50;

  /** After so many batches that were not faster, more rounds gain nothing. */
  private static final int PLATEAU = 8;

  private static final double FASTER = 0.95;

  /** One failure may only say that others have taken the cores; so many in a row do not. */
  private static final int MOST_FAILURES = 3;

  /** The first round may take seconds, and where cores are busy most of them are others' time. */
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

  /** What is run repeatedly, by one thread, and closed after the last round. */
  public interface Exercise extends AutoCloseable {

    /** Runs one round. */
    void run() throws Exception;
  }

  /**
   * How much is enough.
   *
   * @param rounds at most
   * @param running no round begins later than this after the start
   * @param inAll readiness waits no longer than this, even if a round still runs
   * @param roundsAfterwards at most, once ready
   * @param afterwards no round begins later than this after the start, and it counts as complete
   * @param pause once ready, so many times as long as the round before it; a quarter of a second at
   *     most
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
   * @param exercise prepares what is run, on the warm-up's own thread
   * @param nanoTime measures durations
   * @param sleepNanos lets the warm-up's thread sleep, in nanoseconds
   */
  public WarmUp(
      Callable<Exercise> exercise, Bounds bounds, LongSupplier nanoTime, LongConsumer sleepNanos) {
    this.exercise = exercise;
    this.bounds = bounds;
    this.nanoTime = nanoTime;
    this.sleepNanos = sleepNanos;
  }

  /** Starts; returns at once. */
  public void start() {
    Thread.ofPlatform().name("warm-up").daemon().start(begin());
  }

  Runnable begin() {
    started = nanoTime.getAsLong();
    state = State.RUNNING;
    return this::run;
  }

  /** Whether readiness need not wait for it any more. */
  public boolean over() {
    return switch (state) {
      case WAITING -> false;
      case RUNNING -> passed(bounds.inAll());
      case READY, OVER -> true;
    };
  }

  /**
   * Whether more rounds gain little: so many were run as are waited for where cores are free, or
   * the last ones were not faster. Also where it has ended otherwise, or its time is over.
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

  /** How long readiness waited for it, or has waited so far; in seconds. */
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

  /** False where it is there already, or beyond. */
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

  /** Whether it came to its end. */
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
