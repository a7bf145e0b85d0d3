package io.claviger.edge.credential;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/**
 * What is being asked of the brokers, once each: who asks meanwhile joins. A flight belongs to
 * nobody: callers that leave end nothing, and it goes on for as long as the last of them may wait.
 * Bounded; thread-safe.
 */
public final class Flights {

  private final int limit;
  private final Duration deadline;
  private final ConcurrentMap<FlightKey, Flight> underWay = new ConcurrentHashMap<>();

  /**
   * None is under way.
   *
   * @param limit how many may be
   * @param deadline how long one may take
   */
  public Flights(int limit, Duration deadline) {
    this.limit = limit;
    this.deadline = deadline;
  }

  /** How long a flight may take. */
  Duration deadline() {
    return deadline;
  }

  /**
   * Joins the flight of this key, or starts it.
   *
   * @param wantedUntil when the caller does not wait any more
   * @param start is called once with what it has to complete, however late, and by this caller
   *     alone
   */
  CompletionStage<CredentialOutcome> joinOrStart(
      FlightKey key, Instant wantedUntil, Consumer<Flight> start) {
    // Whoever is told that a flight has ended and asks again starts a new one.
    Flight mine = new Flight(wantedUntil, () -> underWay.remove(key));
    Flight first = underWay.putIfAbsent(key, mine);
    if (first != null) {
      first.want(wantedUntil);
      return first.landed();
    }
    if (underWay.size() > limit) {
      mine.complete(new CredentialOutcome.Unavailable("too many pods ask at once"));
    } else {
      start(mine, start);
    }
    return mine.landed();
  }

  private static void start(Flight flight, Consumer<Flight> start) {
    try {
      start.accept(flight);
    } catch (RuntimeException e) {
      // Whatever it was, nobody may wait for a flight that never left.
      flight.completeExceptionally(e);
    }
  }

  /** How many are under way. */
  public int size() {
    return underWay.size();
  }
}
