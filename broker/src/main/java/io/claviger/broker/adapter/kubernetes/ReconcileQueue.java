package io.claviger.broker.adapter.kubernetes;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue of keys to process. A key is queued once, however often it is added, and processed by one
 * call at a time. If a call requests it, the key is processed again after a growing pause. Bounded
 * by the number of keys.
 */
final class ReconcileQueue<K> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReconcileQueue.class);
  private static final int THREADS = 4;
  private static final int MOST_DOUBLINGS = 20;

  private final ScheduledThreadPoolExecutor threads =
      new ScheduledThreadPoolExecutor(
          THREADS, work -> Thread.ofPlatform().name("objects").daemon().unstarted(work));
  private final Function<K, Optional<Pause>> look;
  private final Set<K> waiting = new HashSet<>();
  private final Set<K> underWay = new HashSet<>();
  private final Map<K, Integer> tries = new HashMap<>();
  private final Map<K, Future<?>> later = new HashMap<>();

  /** The pause before a key is processed again; it doubles each time in a row. */
  record Pause(Duration first, Duration longest) {
    private Duration after(int tries) {
      Duration pause = first.multipliedBy(1L << Math.min(tries, MOST_DOUBLINGS));
      return pause.compareTo(longest) > 0 ? longest : pause;
    }
  }

  /**
   * Creates an empty queue.
   *
   * @param look processes a key and may block; returns a pause if the key must be processed again
   */
  ReconcileQueue(Function<K, Optional<Pause>> look) {
    this.look = look;
    threads.setRemoveOnCancelPolicy(true);
  }

  synchronized void add(K key) {
    if (waiting.add(key) && !underWay.contains(key)) {
      run(key);
    }
  }

  private void run(K key) {
    try {
      threads.execute(() -> begin(key));
    } catch (RejectedExecutionException e) {
      LOG.atDebug().addKeyValue("key", key).log("no further keys are processed: closing");
    }
  }

  private void begin(K key) {
    synchronized (this) {
      waiting.remove(key);
      underWay.add(key);
      Future<?> planned = later.remove(key);
      if (planned != null) {
        planned.cancel(false);
      }
    }
    Optional<Pause> again = Optional.of(new Pause(Duration.ofSeconds(1), Duration.ofMinutes(1)));
    try {
      again = look.apply(key);
    } catch (RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("key", key)
          .addKeyValue("cause", e.toString())
          .log("objects could not be compared with their association: retrying");
    } finally {
      end(key, again);
    }
  }

  private synchronized void end(K key, Optional<Pause> again) {
    underWay.remove(key);
    if (waiting.contains(key)) {
      run(key);
    } else if (again.isPresent() && !threads.isShutdown()) {
      int before = tries.merge(key, 1, Integer::sum) - 1;
      long millis = again.get().after(before).toMillis();
      later.put(key, threads.schedule(() -> add(key), millis, TimeUnit.MILLISECONDS));
    } else {
      tries.remove(key);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
