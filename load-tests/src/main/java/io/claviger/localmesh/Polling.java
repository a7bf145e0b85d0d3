package io.claviger.localmesh;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Polls until a value is as wanted or the time is over. The first poll is immediate. None begins
 * later than one pause after the limit.
 *
 * @param limit the time to poll
 * @param pause from the end of a poll to the next
 */
public record Polling(Duration limit, Duration pause) {

  private static final Duration PAUSE = Duration.ofMillis(20);

  /**
   * One poll, which may take some time itself.
   *
   * @param <E> its exception, which ends the polling
   */
  @FunctionalInterface
  public interface Look<T, E extends Exception> {
    /** Returns the present value. */
    T now() throws E;
  }

  /** Polls every 20 ms. */
  public static Polling within(Duration limit) {
    return new Polling(limit, PAUSE);
  }

  /** Sets another pause. */
  public Polling every(Duration other) {
    return new Polling(limit, other);
  }

  /** Returns the last value: the wanted one, unless the time is over. */
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

  /** Whether the condition became true in time. */
  public boolean until(BooleanSupplier condition) throws InterruptedException {
    return until(condition::getAsBoolean, Boolean::booleanValue);
  }
}
