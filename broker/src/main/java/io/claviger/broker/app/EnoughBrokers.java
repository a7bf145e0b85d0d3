package io.claviger.broker.app;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Returns whether enough brokers have joined for the first readiness, or the wait for them is over.
 * A broker alone can serve; it only opens more sessions than necessary. The result stays true once
 * it is true.
 */
final class EnoughBrokers implements BooleanSupplier {

  private static final Logger LOG = LoggerFactory.getLogger(EnoughBrokers.class);

  private final int least;
  private final Duration wait;
  private final IntSupplier brokers;
  private final LongSupplier nanoTime;
  private final long begun;
  private boolean enough;

  /**
   * Starts the wait.
   *
   * @param least the number of brokers, including this one
   * @param wait the maximum time
   * @param brokers the current number of brokers; answers at once
   * @param nanoTime a clock that is never set
   */
  EnoughBrokers(int least, Duration wait, IntSupplier brokers, LongSupplier nanoTime) {
    this.least = least;
    this.wait = wait;
    this.brokers = brokers;
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
  }

  @Override
  public synchronized boolean getAsBoolean() {
    if (enough) {
      return true;
    }
    int seen = brokers.getAsInt();
    enough = seen >= least;
    if (!enough && nanoTime.getAsLong() - begun >= wait.toNanos()) {
      enough = true;
      LOG.atWarn()
          .addKeyValue("brokers", seen)
          .addKeyValue("minBrokers", least)
          .log("fewer brokers have joined than peers.min-brokers: the wait is over");
    }
    return enough;
  }
}
