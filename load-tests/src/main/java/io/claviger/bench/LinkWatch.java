package io.claviger.bench;

import io.claviger.localmesh.Polling;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** Checks every few milliseconds at how many brokers each of many edges is logged in. */
final class LinkWatch implements AutoCloseable {

  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final int LINKS = 2;

  /**
   * How long all edges must be linked. A shorter time could mistake the recovery from an earlier
   * loss for that from the awaited one.
   */
  private static final long SETTLED_MICROS = TimeUnit.SECONDS.toMicros(1);

  private final List<IntSupplier> edges;
  private final LongSupplier micros;
  private final BitSet without = new BitSet();
  private volatile boolean closed;
  private int missing;
  private long lookedMicros;
  private long incompleteMicros;
  private long completeMicros;

  /**
   * The observations.
   *
   * @param atMicros when all edges were first seen at two brokers again, microseconds of the epoch;
   *     0: not yet
   * @param missing number of edges that are not, at the last check
   * @param without number of edges that were seen at no broker
   */
  record Seen(long atMicros, int missing, int without) {

    String written() {
      return atMicros + " " + missing + " " + without;
    }

    static Seen parse(String line) {
      String[] words = line.split(" ", -1);
      return new Seen(
          Long.parseLong(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]));
    }
  }

  /**
   * Checks only on request.
   *
   * @param edges number of brokers of each edge
   * @param micros the present time, microseconds of the epoch
   */
  LinkWatch(List<IntSupplier> edges, LongSupplier micros) {
    this.edges = List.copyOf(edges);
    this.micros = micros;
  }

  /** Checks now, and repeatedly until this is closed. */
  void start() {
    look();
    Thread.ofPlatform().name("link-watch").daemon().start(this::watch);
  }

  private void watch() {
    while (!closed) {
      LockSupport.parkNanos(EVERY_NANOS);
      look();
    }
  }

  synchronized void look() {
    missing = 0;
    for (int i = 0; i < edges.size(); i++) {
      int connections = edges.get(i).getAsInt();
      if (connections < LINKS) {
        missing++;
      }
      if (connections == 0) {
        without.set(i);
      }
    }
    lookedMicros = micros.getAsLong();
    if (missing > 0) {
      incompleteMicros = lookedMicros;
      completeMicros = 0;
    } else if (completeMicros == 0) {
      completeMicros = lookedMicros;
    }
  }

  /** Whether edges have lost a broker since then, and all have been at two again for a second. */
  synchronized Seen since(long sinceMicros) {
    boolean settled =
        incompleteMicros >= sinceMicros
            && completeMicros != 0
            && lookedMicros - completeMicros >= SETTLED_MICROS;
    return new Seen(settled ? completeMicros : 0, missing, without.cardinality());
  }

  /** Waits until edges have lost a broker since then and all are at two again, or time is over. */
  Seen await(long sinceMicros, Duration limit) throws InterruptedException {
    return Polling.within(limit)
        .every(Duration.ofNanos(EVERY_NANOS))
        .until(() -> since(sinceMicros), seen -> seen.atMicros() != 0);
  }

  @Override
  public void close() {
    closed = true;
  }
}
