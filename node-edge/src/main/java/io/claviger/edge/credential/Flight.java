package io.claviger.edge.credential;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One request to the brokers, and until when somebody waits for its answer. Thread-safe. */
final class Flight extends CompletableFuture<CredentialOutcome> {

  private final CompletionStage<CredentialOutcome> landed;
  private volatile Instant wantedUntil;

  /**
   * Under way from now on.
   *
   * @param end runs before anybody is told what it came to
   */
  Flight(Instant wantedUntil, Runnable end) {
    this.wantedUntil = wantedUntil;
    this.landed = whenComplete((outcome, failure) -> end.run()).minimalCompletionStage();
  }

  /** Somebody waits for it until then. */
  synchronized void want(Instant until) {
    if (until.isAfter(wantedUntil)) {
      wantedUntil = until;
    }
  }

  /** When the last of them does not wait any more. */
  Instant wantedUntil() {
    return wantedUntil;
  }

  /** What those who wait for it are given. */
  CompletionStage<CredentialOutcome> landed() {
    return landed;
  }
}
