package io.claviger.broker.adapter.kafka;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Unwraps a failure from the exceptions that futures put around it. */
final class Failures {

  private Failures() {}

  static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause != null
            && (failure instanceof CompletionException || failure instanceof ExecutionException)
        ? cause(cause)
        : failure;
  }
}
