package io.claviger.broker.app;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether as many brokers have joined as the first readiness waits for, or have had the time to: a
 * broker alone serves, it only opens more sessions than it would have to. Once so, it stays so.
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
   * Waits from now on.
   *
   * @param least this one among them
   * @param wait for so long, and no longer
   * @param brokers how many there are; answers at once
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
          .log("fewer brokers have joined than peers.min-brokers: not waiting any longer");
    }
    return enough;
  }
}
