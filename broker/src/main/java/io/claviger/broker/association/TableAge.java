package io.claviger.broker.association;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether what the table says may still be acted upon. While the log cannot be read, nobody knows
 * what has been changed meanwhile; operators may bound how long that is borne. Thread-safe.
 */
public final class TableAge {

  private static final Logger LOG = LoggerFactory.getLogger(TableAge.class);

  private final Optional<Duration> most;
  private final Supplier<Duration> age;
  private final List<Consumer<Boolean>> observers = new CopyOnWriteArrayList<>();
  private final AtomicBoolean tooOld = new AtomicBoolean();

  /**
   * A bound.
   *
   * @param most the greatest age that is borne; none: any
   * @param age the time for which the table may have missed changes
   */
  public TableAge(Optional<Duration> most, Supplier<Duration> age) {
    this.most = most;
    this.age = age;
  }

  /** Tells when it becomes too old (true), and when it is not any more; at once, not throwing. */
  public void listen(Consumer<Boolean> observer) {
    observers.add(observer);
  }

  /** Whether it is too old to be acted upon; looked at from time to time it says so in the log. */
  public boolean tooOld() {
    if (most.isEmpty()) {
      return false;
    }
    Duration now = age.get();
    boolean old = now.compareTo(most.get()) > 0;
    if (tooOld.compareAndSet(!old, old)) {
      (old ? LOG.atWarn() : LOG.atInfo())
          .addKeyValue("ageSeconds", now.toSeconds())
          .addKeyValue("maxSeconds", most.get().toSeconds())
          .log(
              old
                  ? "the associations are too old, nothing is issued"
                  : "the associations are known again");
      observers.forEach(observer -> observer.accept(old));
    }
    return old;
  }
}
