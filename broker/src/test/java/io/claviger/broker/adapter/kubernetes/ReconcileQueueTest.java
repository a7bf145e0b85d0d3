package io.claviger.broker.adapter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.adapter.kubernetes.ReconcileQueue.Pause;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ReconcileQueueTest {

  private static final Pause SHORT = new Pause(Duration.ofMillis(5), Duration.ofMillis(20));

  private final AtomicInteger looks = new AtomicInteger();

  @Test
  void looksAtAKeyOnceMoreForAllThatComesMeanwhile() {
    CountDownLatch first = new CountDownLatch(1);
    try (ReconcileQueue<String> queue =
        new ReconcileQueue<>(
            key -> {
              if (looks.incrementAndGet() == 1) {
                awaitUninterruptibly(first);
              }
              return Optional.empty();
            })) {
      queue.add("a");
      await().until(() -> looks.get() == 1);
      queue.add("a");
      queue.add("a");
      assertThat(looks).as("never twice at once").hasValue(1);
      first.countDown();

      await().until(() -> looks.get() == 2);
      queue.add("b");
      await().until(() -> looks.get() == 3);
    }
  }

  @Test
  void looksAgainForAsLongAsThatIsAskedFor() {
    try (ReconcileQueue<String> queue =
        new ReconcileQueue<>(
            key -> looks.incrementAndGet() < 4 ? Optional.of(SHORT) : Optional.empty())) {
      queue.add("a");

      await().until(() -> looks.get() == 4);
    }
  }

  @Test
  void looksAgainAfterAFailure() {
    try (ReconcileQueue<String> queue =
        new ReconcileQueue<>(
            key -> {
              if (looks.incrementAndGet() == 1) {
                throw new IllegalStateException("as it happens");
              }
              return Optional.empty();
            })) {
      queue.add("a");

      await().until(() -> looks.get() == 2);
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
