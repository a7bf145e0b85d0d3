package io.claviger.broker.issuance;

import io.claviger.schemas.bus.Lane;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** One session that is to be opened, and everybody who waits for it. */
final class Ticket {

  private final SessionPlan plan;
  private volatile Lane lane;
  private final AtomicBoolean taken = new AtomicBoolean();
  private final CompletableFuture<Opening> outcome = new CompletableFuture<>();

  Ticket(SessionPlan plan, Lane lane) {
    this.plan = plan;
    this.lane = lane;
  }

  SessionPlan plan() {
    return plan;
  }

  /** The most urgent that anybody who waits asked for. */
  Lane lane() {
    return lane;
  }

  /**
   * Somebody more urgent waits too. Answers whether that changes the lane of a ticket not yet
   * taken.
   */
  synchronized boolean hurry(Lane wanted) {
    if (wanted.compareTo(lane) >= 0) {
      return false;
    }
    lane = wanted;
    return !taken.get();
  }

  /** Takes it from the line, once. */
  boolean take() {
    return taken.compareAndSet(false, true);
  }

  boolean isDone() {
    return outcome.isDone();
  }

  /** Answers all who wait. Answers whether this was the first outcome. */
  boolean complete(Opening opening) {
    return outcome.complete(opening);
  }

  /** The outcome, a stage of its own for each who waits: nobody ends it for the others. */
  CompletionStage<Opening> outcome() {
    return outcome.copy();
  }
}
