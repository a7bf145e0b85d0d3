package io.claviger.broker.issuance;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Waits for work that other callers share, without cancelling it. */
final class DetachedWait {

  private DetachedWait() {}

  /**
   * Returns the stage's result, or {@code otherwise} if the stage takes too long. The stage
   * continues after a timeout.
   */
  static <T> CompletionStage<T> within(
      CompletionStage<? extends T> stage, Duration timeout, Scheduler scheduler, T otherwise) {
    return DetachedWait.<T>detached(stage)
        .timeout(timeout, Mono.just(otherwise), scheduler)
        .toFuture();
  }

  /**
   * Returns the stage as a Mono that never cancels it. Reactor itself would cancel the future when
   * the subscriber cancels, and would report a later failure as dropped.
   */
  static <T> Mono<T> detached(CompletionStage<? extends T> stage) {
    CompletionStage<Ended<T>> ended = stage.handle(Ended::new);
    return Mono.fromFuture(ended.toCompletableFuture(), true).flatMap(Ended::mono);
  }

  private record Ended<T>(@Nullable T value, @Nullable Throwable failure) {

    Mono<T> mono() {
      return failure == null ? Mono.justOrEmpty(value) : Mono.error(failure);
    }
  }
}
