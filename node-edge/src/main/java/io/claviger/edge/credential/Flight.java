package io.claviger.edge.credential;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One request to the brokers, and until when a requester waits for it. Thread-safe. */
final class Flight extends CompletableFuture<CredentialOutcome> {

  private final CompletionStage<CredentialOutcome> landed;
  private volatile Instant wantedUntil;

  /**
   * Starts the flight.
   *
   * @param end runs before the requesters get the outcome
   */
  Flight(Instant wantedUntil, Runnable end) {
    this.wantedUntil = wantedUntil;
    this.landed = whenComplete((outcome, failure) -> end.run()).minimalCompletionStage();
  }

  /** Extends the wait: a requester waits until then. */
  synchronized void want(Instant until) {
    if (until.isAfter(wantedUntil)) {
      wantedUntil = until;
    }
  }

  /** Returns when the last requester stops waiting. */
  Instant wantedUntil() {
    return wantedUntil;
  }

  /** Returns the outcome for the requesters. */
  CompletionStage<CredentialOutcome> landed() {
    return landed;
  }
}
