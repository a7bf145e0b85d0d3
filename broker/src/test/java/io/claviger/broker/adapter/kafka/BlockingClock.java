package io.claviger.broker.adapter.kafka;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The system's clock, which on the n-th look stands still until it is released: whoever decides by
 * it is then frozen in the middle of its work, as a stopped process is.
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

  /** Waits until somebody is frozen. */
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
