package io.claviger.broker.issuance;

import io.claviger.schemas.bus.Lane;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One session that is to be opened, and everybody who waits for it. Thread-safe. */
final class Ticket {

  private final SessionPlan plan;
  private final long sinceMillis;
  private final CompletableFuture<Opening> outcome = new CompletableFuture<>();
  private volatile Lane lane;
  private volatile long untilMillis;
  private int attempts;
  private int failures;
  private volatile String trouble = "";

  Ticket(SessionPlan plan, Lane lane, long sinceMillis, long untilMillis) {
    this.plan = plan;
    this.lane = lane;
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
  Lane lane() {
    return lane;
  }

  /** Somebody more urgent waits too. Answers whether that changes the lane. */
  synchronized boolean hurry(Lane wanted) {
    if (wanted.compareTo(lane) >= 0) {
      return false;
    }
    lane = wanted;
    return true;
  }

  /** STS was asked, and it came to nothing so far. Answers how often that was. */
  synchronized int tried(String message) {
    trouble = message;
    return ++attempts;
  }

  /** STS failed, rather than throttled. Answers how often that was. */
  synchronized int failed() {
    return ++failures;
  }

  /** What came of the last try; empty before the first. */
  String trouble() {
    return trouble;
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
