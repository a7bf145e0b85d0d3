package io.claviger.localmesh;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Looks at something again and again until it is as wanted, or the time is over. The first look is
 * at once, and none begins later than one pause after the limit.
 *
 * @param limit how long it looks
 * @param pause from the end of a look to the next
 */
public record Polling(Duration limit, Duration pause) {

  private static final Duration PAUSE = Duration.ofMillis(20);

  /**
   * One look, which may take a while itself.
   *
   * @param <E> what it fails with, which ends the polling
   */
  @FunctionalInterface
  public interface Look<T, E extends Exception> {
    /** What is there now. */
    T now() throws E;
  }

  /** Looks every 20 ms. */
  public static Polling within(Duration limit) {
    return new Polling(limit, PAUSE);
  }

  /** The same with another pause. */
  public Polling every(Duration other) {
    return new Polling(limit, other);
  }

  /** What was seen last: what is wanted, unless that did not come in time. */
  public <T, E extends Exception> T until(Look<T, E> look, Predicate<? super T> wanted)
      throws E, InterruptedException {
    long late = System.nanoTime() + limit.toNanos();
    T seen = look.now();
    while (!wanted.test(seen) && System.nanoTime() - late < 0) {
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      seen = look.now();
    }
    return seen;
  }

  /** Whether the condition came true in time. */
  public boolean until(BooleanSupplier condition) throws InterruptedException {
    return until(condition::getAsBoolean, Boolean::booleanValue);
  }
}
