package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Hooks;
import reactor.test.scheduler.VirtualTimeScheduler;

class DetachedWaitTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final List<Throwable> lost = new ArrayList<>();
  private final CompletableFuture<String> work = new CompletableFuture<>();

  @BeforeEach
  void listen() {
    Hooks.onErrorDropped(lost::add);
  }

  @AfterEach
  void reset() {
    Hooks.resetOnErrorDropped();
  }

  @Test
  void givesWhatComesInTime() {
    CompletableFuture<String> waits = within();

    work.complete("done");

    assertThat(waits).isCompletedWithValue("done");
  }

  @Test
  void failsAsTheWorkDoes() {
    CompletableFuture<String> waits = within();
    IllegalStateException amiss = new IllegalStateException("amiss");

    work.completeExceptionally(amiss);

    assertThatThrownBy(waits::join).hasCause(amiss);
  }

  @Test
  void leavesTheWorkAloneWhenItTakesTooLongAndReportsNothingOfItsEnd() {
    CompletableFuture<String> waits = within();

    time.advanceTimeBy(Duration.ofMillis(100));
    assertThat(waits).isCompletedWithValue("otherwise");
    assertThat(work).isNotDone();

    work.completeExceptionally(new IllegalStateException("late"));
    assertThat(lost).isEmpty();
  }

  private CompletableFuture<String> within() {
    return DetachedWait.within(work, Duration.ofMillis(100), time, "otherwise")
        .toCompletableFuture();
  }
}
