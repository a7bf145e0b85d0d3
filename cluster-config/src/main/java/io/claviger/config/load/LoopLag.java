package io.claviger.config.load;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How late an event loop has been recently, because of its own work or for lack of a core. A late
 * loop also reads its peers' messages late, so their silence counts from the time at which it could
 * have read them. The lag falls to a tenth within a second. Thread-safe.
 */
public final class LoopLag {

  private static final long PERIOD_MILLIS = 100;
  private static final double KEPT = 0.8;

  private final LongSupplier nanoTime;
  private long last;
  private double nanos;

  LoopLag(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.last = nanoTime.getAsLong();
  }

  /** Watches the context's event loop until its Vert.x is closed. */
  public static LoopLag of(Vertx vertx, Context context) {
    LoopLag lag = new LoopLag(System::nanoTime);
    context.runOnContext(v -> vertx.setPeriodic(PERIOD_MILLIS, timer -> lag.turn()));
    return lag;
  }

  /** Records a turn of the loop. */
  synchronized void turn() {
    nanos = Math.max(overdue(), nanos * KEPT);
    last = nanoTime.getAsLong();
  }

  /** Returns how late it has been, or is at this moment. */
  public synchronized Duration recent() {
    return Duration.ofNanos((long) Math.max(overdue(), nanos));
  }

  private long overdue() {
    return nanoTime.getAsLong() - last - TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS);
  }
}
