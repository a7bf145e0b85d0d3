package io.claviger.broker.identity;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How long a request waits for a cluster's response. A later response is cached nevertheless. */
record AnswerTimeout(Duration time, Timers timers) {

  <T> CompletionStage<T> within(CompletableFuture<T> answer, T late) {
    if (answer.isDone()) {
      return answer.minimalCompletionStage();
    }
    CompletableFuture<T> waiting = answer.copy();
    timers.after(time, () -> waiting.complete(late));
    return waiting.minimalCompletionStage();
  }
}
