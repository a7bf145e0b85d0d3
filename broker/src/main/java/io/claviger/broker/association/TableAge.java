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
 * Decides whether the table is recent enough to act on. While the log cannot be read, changes in it
 * are unknown; operators may bound how long a broker continues. Thread-safe.
 */
public final class TableAge {

  private static final Logger LOG = LoggerFactory.getLogger(TableAge.class);

  private final Optional<Duration> most;
  private final Supplier<Duration> age;
  private final List<Consumer<Boolean>> observers = new CopyOnWriteArrayList<>();
  private final AtomicBoolean tooOld = new AtomicBoolean();

  /**
   * Bounds the age.
   *
   * @param most the maximum age; empty: no bound
   * @param age the time for which the table may have missed changes
   */
  public TableAge(Optional<Duration> most, Supplier<Duration> age) {
    this.most = most;
    this.age = age;
  }

  /**
   * Adds an observer of transitions: true when the table becomes too old, false when it is current
   * again. It must return at once and not throw.
   */
  public void listen(Consumer<Boolean> observer) {
    observers.add(observer);
  }

  /**
   * Returns whether the table is too old to act on. Also logs transitions, so it must be called
   * regularly.
   */
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
                  ? "the association table is too old: no credentials are issued"
                  : "the association table is current again");
      observers.forEach(observer -> observer.accept(old));
    }
    return old;
  }
}
