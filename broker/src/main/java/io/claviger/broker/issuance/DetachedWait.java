package io.claviger.broker.issuance;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Waiting for somebody else's work without owning it. */
final class DetachedWait {

  private DetachedWait() {}

  /**
   * What the stage comes to; something else when that takes too long. The stage goes on, whoever
   * gives up on it.
   */
  static <T> CompletionStage<T> within(
      CompletionStage<? extends T> stage, Duration timeout, Scheduler scheduler, T otherwise) {
    return DetachedWait.<T>detached(stage)
        .timeout(timeout, Mono.just(otherwise), scheduler)
        .toFuture();
  }

  /**
   * The stage as a Mono. Reactor would cancel the future behind it with its subscriber, and report
   * as lost what it fails with after that; this does neither.
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
