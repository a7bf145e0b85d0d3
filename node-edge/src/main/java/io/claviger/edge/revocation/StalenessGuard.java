package io.claviger.edge.revocation;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether what this node caches may still be served. While no broker that knows what is cached is
 * connected nobody says what has been changed; operators may bound how long that is tolerated.
 * Thread-safe.
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
   * Confirmed now.
   *
   * @param most the greatest age that is tolerated; none: any
   * @param ticker measures it
   * @param turned told when it has become too old, and when it is not any more
   */
  public StalenessGuard(Optional<Duration> most, Ticker ticker, Consumer<Boolean> turned) {
    this.most = most;
    this.ticker = ticker;
    this.turned = turned;
    this.confirmedAt = ticker.read();
  }

  /** A broker that would have said what is not so any more gave a sign of life. */
  public void confirmed() {
    confirmedAt = ticker.read();
    everConfirmed = true;
  }

  /** The time for which this node may have missed changes. */
  public Duration age() {
    return Duration.ofNanos(ticker.read() - confirmedAt);
  }

  /** Whether it is too old; looked at from time to time it says so in the log. */
  public boolean stale() {
    if (most.isEmpty()) {
      return false;
    }
    Duration age = age();
    boolean old = age.compareTo(most.get()) > 0;
    // An edge that has just started and found no broker yet caches nothing that could be too old.
    if (everConfirmed && stale.compareAndSet(!old, old)) {
      (old ? LOG.atWarn() : LOG.atInfo())
          .addKeyValue("ageSeconds", age.toSeconds())
          .addKeyValue("maxSeconds", most.get().toSeconds())
          .log(
              old
                  ? "no broker has been connected for too long, what is cached is not served"
                  : "what is cached is served again");
      turned.accept(old);
    }
    return old;
  }
}
