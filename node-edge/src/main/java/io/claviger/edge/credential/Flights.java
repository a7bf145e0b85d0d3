package io.claviger.edge.credential;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/**
 * What is being asked of the brokers, once each: who asks meanwhile joins. A flight belongs to
 * nobody: callers that leave end nothing. Bounded; thread-safe.
 */
public final class Flights {

  private final int limit;
  private final ConcurrentMap<FlightKey, CompletableFuture<CredentialOutcome>> underWay =
      new ConcurrentHashMap<>();

  /**
   * None is under way.
   *
   * @param limit how many may be
   */
  public Flights(int limit) {
    this.limit = limit;
  }

  /**
   * Joins the flight of this key, or starts it.
   *
   * @param start is called once with what it has to complete, however late, and by this caller
   *     alone
   */
  CompletionStage<CredentialOutcome> joinOrStart(
      FlightKey key, Consumer<CompletableFuture<CredentialOutcome>> start) {
    CompletableFuture<CredentialOutcome> mine = new CompletableFuture<>();
    CompletableFuture<CredentialOutcome> first = underWay.putIfAbsent(key, mine);
    if (first != null) {
      return first.minimalCompletionStage();
    }
    mine.whenComplete((outcome, failure) -> underWay.remove(key, mine));
    if (underWay.size() > limit) {
      mine.complete(new CredentialOutcome.Unavailable("too many pods ask at once"));
    } else {
      start(mine, start);
    }
    return mine.minimalCompletionStage();
  }

  private static void start(
      CompletableFuture<CredentialOutcome> mine,
      Consumer<CompletableFuture<CredentialOutcome>> start) {
    try {
      start.accept(mine);
    } catch (RuntimeException e) {
      // Whatever it was, nobody may wait for a flight that never left.
      mine.completeExceptionally(e);
    }
  }

  /** How many are under way. */
  public int size() {
    return underWay.size();
  }
}
