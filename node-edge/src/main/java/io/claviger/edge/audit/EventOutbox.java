package io.claviger.edge.audit;

import io.claviger.schemas.bus.NodeEvent;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What no broker has taken yet, oldest first. What does not fit is dropped: what was first, before
 * and when brokers went away, stays. Thread-safe; taken from by one.
 */
public final class EventOutbox {

  private static final Logger LOG = LoggerFactory.getLogger(EventOutbox.class);

  private final BlockingQueue<NodeEvent> events;
  private final Runnable dropped;
  private final AtomicBoolean dropping = new AtomicBoolean();

  /**
   * Nothing has happened yet.
   *
   * @param most how many are kept
   * @param dropped runs for each that is not
   */
  public EventOutbox(int most, Runnable dropped) {
    this.events = new LinkedBlockingQueue<>(most);
    this.dropped = dropped;
  }

  /** Keeps an event, if there is room. Never blocks. */
  public void add(NodeEvent event) {
    if (!events.offer(event)) {
      dropped.run();
      report(true);
    }
  }

  /** The oldest ones; they stay until they are {@linkplain #taken taken}. */
  public List<NodeEvent> oldest(int most) {
    return events.stream().limit(most).toList();
  }

  /** A broker has so many of the oldest. */
  public void taken(int count) {
    for (int i = 0; i < count; i++) {
      events.poll();
    }
    if (count > 0) {
      report(false);
    }
  }

  /** How many wait. */
  public int size() {
    return events.size();
  }

  /** Once when it begins, once when it is over. */
  private void report(boolean drops) {
    if (dropping.compareAndSet(!drops, drops)) {
      LOG.atWarn()
          .addKeyValue("waiting", events.size())
          .log(
              drops
                  ? "brokers take no audit events, more are dropped"
                  : "brokers take audit events again");
    }
  }
}
