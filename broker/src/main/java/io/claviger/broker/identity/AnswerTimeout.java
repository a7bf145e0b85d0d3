package io.claviger.broker.identity;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How long a request waits for a cluster's word. The request goes on, its answer is kept. */
record AnswerTimeout(Duration time, Timers timers) {

  static <T> CompletionStage<T> done(T answer) {
    return CompletableFuture.completedStage(answer);
  }

  <T> CompletionStage<T> within(CompletableFuture<T> answer, T late) {
    if (answer.isDone()) {
      return answer.minimalCompletionStage();
    }
    CompletableFuture<T> waiting = answer.copy();
    timers.after(time, () -> waiting.complete(late));
    return waiting.minimalCompletionStage();
  }
}
