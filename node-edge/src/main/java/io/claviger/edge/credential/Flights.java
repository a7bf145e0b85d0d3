package io.claviger.edge.credential;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/**
 * The requests to brokers that are under way, one per key: a further requester joins the flight. A
 * requester that leaves does not end it; it goes on for as long as the last requester may wait.
 * Bounded; thread-safe.
 */
public final class Flights {

  private final int limit;
  private final Duration deadline;
  private final ConcurrentMap<FlightKey, Flight> underWay = new ConcurrentHashMap<>();

  /**
   * Starts with no flight.
   *
   * @param limit the maximum number under way
   * @param deadline how long one may take
   */
  public Flights(int limit, Duration deadline) {
    this.limit = limit;
    this.deadline = deadline;
  }

  /** Returns how long a flight may take. */
  Duration deadline() {
    return deadline;
  }

  /**
   * Joins the flight of this key, or starts it.
   *
   * @param wantedUntil when the caller stops waiting
   * @param start called once, by the caller that starts the flight, which it must complete, however
   *     late
   */
  CompletionStage<CredentialOutcome> joinOrStart(
      FlightKey key, Instant wantedUntil, Consumer<Flight> start) {
    // A requester that retries after a flight has ended starts a new one.
    Flight mine = new Flight(wantedUntil, () -> underWay.remove(key));
    Flight first = underWay.putIfAbsent(key, mine);
    if (first != null) {
      first.want(wantedUntil);
      return first.landed();
    }
    if (underWay.size() > limit) {
      mine.complete(new CredentialOutcome.Unavailable("too many requests to brokers: try again"));
    } else {
      start(mine, start);
    }
    return mine.landed();
  }

  private static void start(Flight flight, Consumer<Flight> start) {
    try {
      start.accept(flight);
    } catch (RuntimeException e) {
      // Whatever failed, requesters must not wait for a flight that never started.
      flight.completeExceptionally(e);
    }
  }

  /** Returns how many are under way. */
  public int size() {
    return underWay.size();
  }
}
