package io.claviger.broker.adapter.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreWorkerTest {

  private final StoreWorker worker = new StoreWorker();
  private final CountDownLatch peerIsBack = new CountDownLatch(1);

  @AfterEach
  void close() {
    peerIsBack.countDown();
    worker.close();
  }

  @Test
  void runsTasksInTheirOrderOnItsOwnThread() {
    List<String> ran = new ArrayList<>();
    List<CompletableFuture<Void>> tasks = new ArrayList<>();

    for (int number = 0; number < 100; number++) {
      String name = "task " + number;
      tasks.add(worker.submit(() -> ran.add(name + " on " + Thread.currentThread().getName())));
    }

    assertThat(tasks).allSatisfy(task -> assertThat(task).succeedsWithin(Duration.ofSeconds(5)));
    assertThat(ran).startsWith("task 0 on claviger-store", "task 1 on claviger-store").hasSize(100);
    assertThat(ran).last().isEqualTo("task 99 on claviger-store");
  }

  @Test
  void refusesWhatIsTooMuchAndHasRoomAgainAfterwards() {
    List<CompletableFuture<Void>> taken = new ArrayList<>();
    for (int number = 0; number < StoreWorker.MAX_PENDING; number++) {
      taken.add(worker.submit(this::waitForThePeer));
    }

    CompletableFuture<Void> oneMore = worker.submit(() -> {});
    peerIsBack.countDown();

    assertThat(oneMore).isCompletedExceptionally();
    assertThat(oneMore.exceptionNow()).isInstanceOf(RejectedExecutionException.class);
    assertThat(taken).allSatisfy(task -> assertThat(task).succeedsWithin(Duration.ofSeconds(5)));
    assertThat(worker.submit(() -> {})).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void failsAsItsTaskDoesAndGoesOn() {
    IllegalStateException amiss = new IllegalStateException("amiss");

    CompletableFuture<Void> failed =
        worker.submit(
            () -> {
              throw amiss;
            });

    assertThat(failed).failsWithin(Duration.ofSeconds(5));
    assertThat(failed.exceptionNow()).isSameAs(amiss);
    assertThat(worker.submit(() -> {})).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void repeatsATaskThatThrows() {
    AtomicInteger times = new AtomicInteger();

    worker.repeat(
        () -> {
          times.incrementAndGet();
          throw new ClassCastException("not what was expected");
        },
        Duration.ZERO,
        Duration.ofMillis(20));

    await().until(() -> times.get() >= 3);
  }

  @Test
  void failsWhatWaitsWhenItIsClosed() {
    CompletableFuture<Void> running = worker.submit(this::waitForThePeer);
    CompletableFuture<Void> waiting = worker.submit(() -> {});

    worker.close();

    assertThat(running).failsWithin(Duration.ofSeconds(5));
    assertThat(waiting.exceptionNow()).isInstanceOf(RejectedExecutionException.class);
    CompletableFuture<Void> late = worker.submit(() -> {});
    assertThat(late.exceptionNow()).isInstanceOf(RejectedExecutionException.class);
  }

  private void waitForThePeer() {
    try {
      peerIsBack.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
