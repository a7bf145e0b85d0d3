package io.claviger.broker.issuance;

import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.RequestPriority;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One session that is to be opened, and everybody who waits for it. Thread-safe. */
final class PendingOpen {

  /** It was not begun, as nobody waits for it any more. */
  static final OpenResult UNWANTED =
      new OpenResult.Failed("nobody waits for the session any more", 500);

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

  /** Since when somebody waits, in milliseconds of the epoch. */
  long sinceMillis() {
    return sinceMillis;
  }

  /** Until when somebody waits, in milliseconds of the epoch. */
  long untilMillis() {
    return untilMillis;
  }

  /** Somebody waits longer. */
  synchronized void waitUntil(long millis) {
    untilMillis = Math.max(untilMillis, millis);
  }

  /** The most urgent that anybody who waits asked for. */
  RequestPriority priority() {
    return priority;
  }

  /** Somebody more urgent waits too. Answers whether that changes the priority. */
  synchronized boolean raise(RequestPriority wanted) {
    if (wanted.compareTo(priority) >= 0) {
      return false;
    }
    priority = wanted;
    return true;
  }

  /** STS was asked, and it came to nothing so far. Answers how often that was. */
  synchronized int tried(String message) {
    lastFailure = message;
    return ++attempts;
  }

  /** STS failed, rather than throttled. Answers how often that was. */
  synchronized int failed() {
    return ++failures;
  }

  /** What came of the last try; empty before the first. */
  String lastFailure() {
    return lastFailure;
  }

  boolean isDone() {
    return outcome.isDone();
  }

  /** Answers all who wait. Answers whether this was the first outcome. */
  boolean complete(OpenResult result) {
    return outcome.complete(result);
  }

  /** The outcome, a stage of its own for each who waits: nobody ends it for the others. */
  CompletionStage<OpenResult> outcome() {
    return outcome.copy();
  }
}
