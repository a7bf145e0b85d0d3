package io.claviger.config.lifecycle;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks a process's own hot ways before it says that it is ready: code that has never run answers a
 * hundred times slower, at the moment when everybody asks. Bounded in time, on a thread of its own;
 * a failure is a warning and holds nothing up. Thread-safe.
 */
public final class WarmUp {

  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** A round is compared with others by the time that so many take together. */
  private static final int BATCH = 50;

  /** After so many batches without a faster one there is nothing to gain. */
  private static final int PLATEAU = 8;

  private static final double FASTER = 0.95;

  /** What is walked, again and again, by one thread. Closed after the last round. */
  public interface Ways extends AutoCloseable {

    /** Walks all of it once; a failure ends the warm-up. */
    void walk() throws Exception;
  }

  /**
   * How much is enough.
   *
   * @param rounds at most
   * @param walking no round begins later than this after the start
   * @param inAll it is over after this, whatever still goes on
   */
  public record Bounds(int rounds, Duration walking, Duration inAll) {}

  private final Callable<Ways> ways;
  private final Bounds bounds;
  private final LongSupplier nanoTime;
  private volatile long started;
  private volatile long ended;
  private volatile State state = State.WAITING;

  private enum State {
    WAITING,
    WALKING,
    OVER
  }

  /**
   * Nothing is walked until {@link #start()}.
   *
   * @param ways prepares what is walked, on the warm-up's own thread
   * @param nanoTime measures
   */
  public WarmUp(Callable<Ways> ways, Bounds bounds, LongSupplier nanoTime) {
    this.ways = ways;
    this.bounds = bounds;
    this.nanoTime = nanoTime;
  }

  /** Starts; returns at once. */
  public void start() {
    Thread.ofPlatform().name("warm-up").daemon().start(begin());
  }

  Runnable begin() {
    started = nanoTime.getAsLong();
    state = State.WALKING;
    return this::run;
  }

  /** Whether nothing has to wait for it any more. */
  public boolean over() {
    return switch (state) {
      case WAITING -> false;
      case WALKING -> passed(bounds.inAll());
      case OVER -> true;
    };
  }

  /** Ends it after the round that is being walked. */
  public void stop() {
    end();
  }

  /** How long it took, or has taken so far; in seconds. */
  public double seconds() {
    return switch (state) {
      case WAITING -> 0;
      case WALKING -> (nanoTime.getAsLong() - started) / 1e9;
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
    try (Ways open = ways.call()) {
      rounds = walk(open);
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

  private int walk(Ways open) throws Exception {
    int rounds = 0;
    int slower = 0;
    long best = Long.MAX_VALUE;
    while (slower < PLATEAU && more(rounds)) {
      long before = nanoTime.getAsLong();
      int first = rounds;
      while (rounds < first + BATCH && more(rounds)) {
        open.walk();
        rounds++;
      }
      long took = nanoTime.getAsLong() - before;
      slower = took < best * FASTER ? 0 : slower + 1;
      best = Math.min(best, took);
    }
    return rounds;
  }

  private boolean more(int rounds) {
    return state == State.WALKING && rounds < bounds.rounds() && !passed(bounds.walking());
  }
}
