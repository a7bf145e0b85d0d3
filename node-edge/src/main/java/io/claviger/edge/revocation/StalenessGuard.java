package io.claviger.edge.revocation;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this node may still serve from its cache. Without a connected broker that has received
 * this edge's report, the edge gets no changes. Operators may bound this time. Thread-safe.
 */
public final class StalenessGuard {

  private static final Logger LOG = LoggerFactory.getLogger(StalenessGuard.class);

  private final Optional<Duration> most;
  private final Ticker ticker;
  private final Consumer<Boolean> turned;
  private final AtomicBoolean stale = new AtomicBoolean();
  private volatile long confirmedAt;
  private volatile boolean everConfirmed;

  /**
   * Starts as confirmed now.
   *
   * @param most the maximum age; none: unlimited
   * @param ticker measures it
   * @param turned called when the cache becomes too old, and when it is current again
   */
  public StalenessGuard(Optional<Duration> most, Ticker ticker, Consumer<Boolean> turned) {
    this.most = most;
    this.ticker = ticker;
    this.turned = turned;
    this.confirmedAt = ticker.read();
  }

  /** Records a sign of life from a broker that would have pushed every change. */
  public void confirmed() {
    confirmedAt = ticker.read();
    everConfirmed = true;
  }

  /** Returns the time for which this node may have missed changes. */
  public Duration age() {
    return Duration.ofNanos(ticker.read() - confirmedAt);
  }

  /** Whether the cache is too old. Call it from time to time: it logs the transitions. */
  public boolean stale() {
    if (most.isEmpty()) {
      return false;
    }
    Duration age = age();
    boolean old = age.compareTo(most.get()) > 0;
    // An edge that has just started and has reached no broker yet caches nothing that could be too
    // old.
    if (everConfirmed && stale.compareAndSet(!old, old)) {
      (old ? LOG.atWarn() : LOG.atInfo())
          .addKeyValue("ageSeconds", age.toSeconds())
          .addKeyValue("maxSeconds", most.get().toSeconds())
          .log(
              old
                  ? "no broker has been connected for too long: cached credentials are not served"
                  : "cached credentials are served again");
      turned.accept(old);
    }
    return old;
  }
}
