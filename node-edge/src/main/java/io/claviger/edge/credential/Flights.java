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
  private final ConcurrentMap<FlightKey, CompletionStage<CredentialOutcome>> underWay =
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
    CompletableFuture<CredentialOutcome> result = new CompletableFuture<>();
    // Whoever is told that a flight has ended and asks again starts a new one.
    CompletionStage<CredentialOutcome> mine =
        result.whenComplete((outcome, failure) -> underWay.remove(key)).minimalCompletionStage();
    CompletionStage<CredentialOutcome> first = underWay.putIfAbsent(key, mine);
    if (first != null) {
      return first;
    }
    if (underWay.size() > limit) {
      result.complete(new CredentialOutcome.Unavailable("too many pods ask at once"));
    } else {
      start(result, start);
    }
    return mine;
  }

  private static void start(
      CompletableFuture<CredentialOutcome> result,
      Consumer<CompletableFuture<CredentialOutcome>> start) {
    try {
      start.accept(result);
    } catch (RuntimeException e) {
      // Whatever it was, nobody may wait for a flight that never left.
      result.completeExceptionally(e);
    }
  }

  /** How many are under way. */
  public int size() {
    return underWay.size();
  }
}
