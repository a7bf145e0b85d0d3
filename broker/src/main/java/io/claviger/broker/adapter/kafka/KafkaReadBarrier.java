package io.claviger.broker.adapter.kafka;

import io.claviger.broker.association.ReadBarrier.Reach;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Makes callers wait until the reader has reached the end that the log had at their call. A caller
 * that arrives during a request waits for the next one, because the answer may be older than the
 * call. Requests are sent at most every 50 ms. Runs on one Vert.x context.
 */
final class KafkaReadBarrier {

  private static final long INTERVAL_NANOS = Duration.ofMillis(50).toNanos();

  private final Vertx vertx;
  private final LongSupplier nanoTime;
  private final Supplier<Future<long[]>> ends;
  private final long[] positions;
  private List<Waiter> unasked = new ArrayList<>();
  private final List<Waiter> waiting = new ArrayList<>();
  private boolean asking;
  private long lastAsked;

  private record Waiter(int partition, Promise<Reach> promise, long target) {}

  /**
   * Creates a barrier.
   *
   * @param partitions the number of partitions
   * @param nanoTime monotonic, nanoseconds
   * @param ends requests the current end of every partition; completes on the context
   */
  KafkaReadBarrier(
      int partitions, Vertx vertx, LongSupplier nanoTime, Supplier<Future<long[]>> ends) {
    this.vertx = vertx;
    this.nanoTime = nanoTime;
    this.ends = ends;
    this.positions = new long[partitions];
    this.lastAsked = nanoTime.getAsLong() - INTERVAL_NANOS;
  }

  /** Waits, at most for the timeout. */
  Future<Reach> reach(int partition, Duration timeout) {
    Promise<Reach> promise = Promise.promise();
    long late = vertx.setTimer(timeout.toMillis(), timer -> promise.tryComplete(Reach.LATE));
    promise.future().onComplete(reach -> vertx.cancelTimer(late));
    unasked.add(new Waiter(partition, promise, Long.MAX_VALUE));
    askSoon();
    return promise.future();
  }

  /** Records how far a partition has been read. */
  void position(int partition, long position) {
    positions[partition] = position;
    settle();
  }

  private void askSoon() {
    if (asking || unasked.isEmpty()) {
      return;
    }
    asking = true;
    long pause = lastAsked + INTERVAL_NANOS - nanoTime.getAsLong();
    if (pause > 0) {
      vertx.setTimer(Math.max(1, pause / 1_000_000), timer -> ask());
    } else {
      ask();
    }
  }

  private void ask() {
    lastAsked = nanoTime.getAsLong();
    List<Waiter> asked = unasked;
    unasked = new ArrayList<>();
    ends.get()
        .onComplete(
            answer -> {
              asking = false;
              for (Waiter waiter : asked) {
                if (answer.failed()) {
                  waiter.promise().tryComplete(Reach.LATE);
                } else {
                  long target = answer.result()[waiter.partition()];
                  waiting.add(new Waiter(waiter.partition(), waiter.promise(), target));
                }
              }
              settle();
              askSoon();
            });
  }

  private void settle() {
    for (Iterator<Waiter> each = waiting.iterator(); each.hasNext(); ) {
      Waiter waiter = each.next();
      if (positions[waiter.partition()] >= waiter.target()) {
        waiter.promise().tryComplete(Reach.REACHED);
      }
      if (waiter.promise().future().isComplete()) {
        each.remove();
      }
    }
  }
}
