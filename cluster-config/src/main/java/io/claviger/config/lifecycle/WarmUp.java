package io.claviger.config.lifecycle;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the code that serves requests before the process says that it is ready: code that has never
 * run is a hundred times slower, and the first requests come all at once. Bounded in time, on a
 * thread of its own; a failure is logged as a warning and delays nothing. Thread-safe.
 */
public final class WarmUp {

  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** Rounds are compared in batches of this size: single ones vary too much. */
  private static final int BATCH = 50;

  /** After so many batches that were not faster, more rounds gain nothing. */
  private static final int PLATEAU = 8;

  private static final double FASTER = 0.95;

  /** What is run repeatedly, by one thread, and closed after the last round. */
  public interface Exercise extends AutoCloseable {

    /** Runs one round; a failure ends the warm-up. */
    void run() throws Exception;
  }

  /**
   * How much is enough.
   *
   * @param rounds at most
   * @param running no round begins later than this after the start
   * @param inAll readiness waits no longer than this, even if a round still runs
   */
  public record Bounds(int rounds, Duration running, Duration inAll) {}

  private final Callable<Exercise> exercise;
  private final Bounds bounds;
  private final LongSupplier nanoTime;
  private volatile long started;
  private volatile long ended;
  private volatile State state = State.WAITING;

  private enum State {
    WAITING,
    RUNNING,
    OVER
  }

  /**
   * Creates a warm-up that {@link #start()} starts.
   *
   * @param exercise prepares what is run, on the warm-up's own thread
   * @param nanoTime measures durations
   */
  public WarmUp(Callable<Exercise> exercise, Bounds bounds, LongSupplier nanoTime) {
    this.exercise = exercise;
    this.bounds = bounds;
    this.nanoTime = nanoTime;
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
      case OVER -> true;
    };
  }

  /** Ends it after the current round. */
  public void stop() {
    end();
  }

  /** How long it took, or has taken so far; in seconds. */
  public double seconds() {
    return switch (state) {
      case WAITING -> 0;
      case RUNNING -> (nanoTime.getAsLong() - started) / 1e9;
      case OVER -> (ended - started) / 1e9;
    };
  }

  private boolean passed(Duration time) {
    return nanoTime.getAsLong() - started > time.toNanos();
  }

  private synchronized boolean end() {
    if (state == State.OVER) {
      return false;
    }
    ended = state == State.WAITING ? started : nanoTime.getAsLong();
    state = State.OVER;
    return true;
  }

  private void run() {
    int rounds = 0;
    try (Exercise prepared = exercise.call()) {
      rounds = run(prepared);
    } catch (Exception | LinkageError e) {
      if (end()) {
        LOG.atWarn()
            .addKeyValue("reason", e.toString())
            .log("the warm-up failed: the first requests will be slow");
      }
    } finally {
      if (end()) {
        LOG.atInfo()
            .addKeyValue("rounds", rounds)
            .addKeyValue("millis", Math.round(seconds() * 1e3))
            .log("warmed up");
      }
    }
  }

  private int run(Exercise exercise) throws Exception {
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
    return rounds;
  }

  private boolean more(int rounds) {
    return state == State.RUNNING && rounds < bounds.rounds() && !passed(bounds.running());
  }
}
