package io.claviger.edge.audit;

import io.claviger.schemas.bus.NodeEvent;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events that no broker has accepted yet, oldest first. When it is full, new events are dropped, so
 * those from before and at the beginning of an outage stay. Thread-safe, with one consumer.
 */
public final class EventOutbox {

  private static final Logger LOG = LoggerFactory.getLogger(EventOutbox.class);

  private final BlockingQueue<NodeEvent> events;
  private final Runnable dropped;
  private final AtomicBoolean dropping = new AtomicBoolean();

  /**
   * Starts empty.
   *
   * @param most the maximum number of events
   * @param dropped runs for each dropped event
   */
  public EventOutbox(int most, Runnable dropped) {
    this.events = new LinkedBlockingQueue<>(most);
    this.dropped = dropped;
  }

  /** Adds an event if there is room. Never blocks. */
  public void add(NodeEvent event) {
    if (!events.offer(event)) {
      dropped.run();
      report(true);
    }
  }

  /** Returns the oldest events; they stay until they are {@linkplain #taken taken}. */
  public List<NodeEvent> oldest(int most) {
    return events.stream().limit(most).toList();
  }

  /** Removes this many of the oldest events, because a broker has them. */
  public void taken(int count) {
    for (int i = 0; i < count; i++) {
      events.poll();
    }
    if (count > 0) {
      report(false);
    }
  }

  /** Returns how many events wait. */
  public int size() {
    return events.size();
  }

  /** Logs once when dropping begins and once when it ends. */
  private void report(boolean drops) {
    if (dropping.compareAndSet(!drops, drops)) {
      LOG.atWarn()
          .addKeyValue("waiting", events.size())
          .log(
              drops
                  ? "brokers accept no audit events, new events are dropped"
                  : "brokers accept audit events again");
    }
  }
}
