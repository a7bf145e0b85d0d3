package io.claviger.broker.issuance;

import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.RequestPriority;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One session that is to be opened, and all requests that wait for it. Thread-safe. */
final class PendingOpen {

  /** The session was not opened because no request waits for it any more. */
  static final OpenResult UNWANTED =
      new OpenResult.Failed("no request waits for the session any more", 500);

  private final SessionPlan plan;
  private final long sinceMillis;
  private final CompletableFuture<OpenResult> outcome = new CompletableFuture<>();
  private volatile RequestPriority priority;
  private volatile long untilMillis;
  private int attempts;
  private int failures;
  private volatile String lastFailure = "";

  PendingOpen(SessionPlan plan, RequestPriority priority, long sinceMillis, long untilMillis) {
    this.plan = plan;
    this.priority = priority;
    this.sinceMillis = sinceMillis;
    this.untilMillis = untilMillis;
  }

  SessionPlan plan() {
    return plan;
  }

  /** Since when a request has waited, in milliseconds since the epoch. */
  long sinceMillis() {
    return sinceMillis;
  }

  /** Until when a request waits, in milliseconds since the epoch. */
  long untilMillis() {
    return untilMillis;
  }

  /** Extends the wait. */
  synchronized void waitUntil(long millis) {
    untilMillis = Math.max(untilMillis, millis);
  }

  /** The highest priority among the waiting requests. */
  RequestPriority priority() {
    return priority;
  }

  /** Adds a waiting request's priority. Returns whether this raises the priority. */
  synchronized boolean raise(RequestPriority wanted) {
    if (wanted.compareTo(priority) >= 0) {
      return false;
    }
    priority = wanted;
    return true;
  }

  /** Records a failed STS call. Returns how many there have been. */
  synchronized int tried(String message) {
    lastFailure = message;
    return ++attempts;
  }

  /** Records a call that STS failed rather than throttled. Returns how many there have been. */
  synchronized int failed() {
    return ++failures;
  }

  /** The failure of the last try; empty before the first. */
  String lastFailure() {
    return lastFailure;
  }

  boolean isDone() {
    return outcome.isDone();
  }

  /** Completes all waiting requests. Returns whether this was the first outcome. */
  boolean complete(OpenResult result) {
    return outcome.complete(result);
  }

  /**
   * The outcome, as a separate stage for each waiting request, so that none can end it for the
   * others.
   */
  CompletionStage<OpenResult> outcome() {
    return outcome.copy();
  }
}
