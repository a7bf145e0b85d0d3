package io.claviger.broker.adapter.kafka;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The system's clock, whose n-th reading blocks until it is released. A component that reads it
 * freezes in the middle of its work, like a stopped process.
 */
final class BlockingClock implements InstantSource {

  private final AtomicInteger looks;
  private final CountDownLatch frozen = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  BlockingClock(int look) {
    looks = new AtomicInteger(look);
  }

  @Override
  public Instant instant() {
    if (looks.decrementAndGet() == 0) {
      frozen.countDown();
      await(released);
    }
    return Instant.now();
  }

  /** Waits until a reading blocks. */
  void awaitFrozen() {
    await(frozen);
  }

  void release() {
    released.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
