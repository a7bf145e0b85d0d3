package io.claviger.edge.credential;

import io.claviger.edge.credential.CredentialObserver.FlightResult;
import io.claviger.edge.revocation.MinPositions;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import io.claviger.schemas.bus.RequestPriority;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to the brokers until one has an answer, no requester waits any more, or the flight
 * times out. A later answer is cached all the same. Thread-safe.
 */
public final class Fetcher {

  /** Pause between two requests of one flight, doubled each time. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** A pod that gets a retryable answer retries at once: its flight continues this long for it. */
  private static final Duration UNTIL_IT_ASKS_AGAIN = Duration.ofMillis(300);

  /** A broker mostly finishes what it has begun within this time. */
  private static final Duration UNTIL_IT_IS_DONE = Duration.ofSeconds(2);

  private static final CredentialOutcome NOBODY_ASKED =
      new CredentialOutcome.Unavailable(
          "a request to a broker failed", new CredentialOutcome.Again(Duration.ZERO, false));

  private final Upstream upstream;
  private final BrokerAnswers answers;
  private final MinPositions minPositions;
  private final Flights flights;
  private final Timers timers;
  private final InstantSource clock;
  private final CredentialObserver observer;

  public Fetcher(
      Upstream upstream,
      BrokerAnswers answers,
      MinPositions minPositions,
      Flights flights,
      Timers timers,
      InstantSource clock,
      CredentialObserver observer) {
    this.upstream = upstream;
    this.answers = answers;
    this.minPositions = minPositions;
    this.flights = flights;
    this.timers = timers;
    this.clock = clock;
    this.observer = observer;
  }

  /**
   * Requests a first session, or joins a flight that already does.
   *
   * @param wanted how long the requester waits
   * @param known the cached outcome for this requester; checked once more before a broker is asked
   */
  CompletionStage<CredentialOutcome> first(
      Requester requester, Duration wanted, Supplier<@Nullable CredentialOutcome> known) {
    return flights.joinOrStart(
        requester.flight(),
        endOf(wanted),
        flight -> {
          // A flight that ended since the first check has left its result.
          CredentialOutcome meanwhile = known.get();
          if (meanwhile != null) {
            flight.complete(meanwhile);
          } else {
            fetch(requester, RequestPriority.FIRST, flight);
          }
        });
  }

  /** Requests the successor of a cached session, for as long as a flight may take. */
  CompletionStage<CredentialOutcome> next(Requester requester, RequestPriority priority) {
    return flights.joinOrStart(
        requester.flight(), Instant.MAX, flight -> fetch(requester, priority, flight));
  }

  private void fetch(Requester requester, RequestPriority priority, Flight flight) {
    new Attempt(requester, priority, endOf(flights.deadline()), flight).ask(FIRST_PAUSE, false);
  }

  private Instant endOf(Duration time) {
    return clock.instant().plus(time);
  }

  private static FlightResult resultOf(CredentialOutcome outcome) {
    return switch (outcome) {
      case CredentialOutcome.Issued issued -> FlightResult.ISSUED;
      case CredentialOutcome.Refused refused -> FlightResult.REFUSED;
      case CredentialOutcome.Unavailable unavailable -> FlightResult.UNAVAILABLE;
    };
  }

  private final class Attempt {
    private final Requester requester;
    private final RequestPriority priority;
    private final Instant deadline;
    private final Flight flight;

    /** Even while a request is under way. The caller that increments it takes the next step. */
    private final AtomicInteger step = new AtomicInteger();

    Attempt(Requester requester, RequestPriority priority, Instant deadline, Flight flight) {
      this.requester = requester;
      this.priority = priority;
      this.deadline = deadline;
      this.flight = flight;
    }

    void ask(Duration nextPause, boolean otherFirst) {
      if (flight.isDone()) {
        return;
      }
      int asked = step.get();
      Instant now = clock.instant();
      Duration wait = longer(Duration.between(now, wantedUntil()), Duration.ofMillis(1));
      CredentialRequest request =
          new CredentialRequest(
              BusProtocol.VERSION,
              requester.token(),
              priority,
              minPositions.newest(),
              wait.toMillis());
      Duration timeout = shorter(wait.plus(UNTIL_IT_IS_DONE), Duration.between(now, deadline));
      Runnable over = timers.after(wait, () -> waitedFor(asked, nextPause, otherFirst));
      try {
        upstream
            .ask(request, timeout, otherFirst)
            .whenComplete(
                (reply, failure) -> {
                  over.run();
                  arrived(asked, reply, nextPause);
                });
      } catch (RuntimeException e) {
        over.run();
        // Also if a timer retries: requesters must not wait for a flight that never ends.
        failed(e);
      }
    }

    private Instant wantedUntil() {
      Instant wanted = flight.wantedUntil();
      Instant end = wanted.isBefore(deadline) ? wanted.plus(UNTIL_IT_ASKS_AGAIN) : deadline;
      return end.isBefore(deadline) ? end : deadline;
    }

    /** The broker has dropped the request by now: send it again for pods that joined meanwhile. */
    private void waitedFor(int asked, Duration nextPause, boolean otherFirst) {
      if (!step.compareAndSet(asked, asked + 2)) {
        return;
      }
      if (clock.instant().isBefore(wantedUntil())) {
        ask(nextPause, !otherFirst);
      } else {
        end(new CredentialOutcome.Unavailable("no broker answered in time"));
      }
    }

    private void arrived(int asked, @Nullable CredentialReply reply, Duration nextPause) {
      try {
        CredentialOutcome outcome =
            reply == null
                ? NOBODY_ASKED
                : answers.read(requester, reply, priority != RequestPriority.FIRST);
        if (!(outcome instanceof CredentialOutcome.Unavailable(var why, var again))
            || again == null) {
          end(outcome);
        } else if (step.compareAndSet(asked, asked + 1)) {
          again(again, why, nextPause);
        }
      } catch (RuntimeException e) {
        failed(e);
      }
    }

    private void end(CredentialOutcome outcome) {
      if (!flight.isDone()) {
        observer.flight(resultOf(outcome));
        flight.complete(outcome);
      }
    }

    private void failed(RuntimeException cause) {
      if (!flight.isDone()) {
        observer.flight(FlightResult.UNAVAILABLE);
        flight.completeExceptionally(cause);
      }
    }

    private void again(CredentialOutcome.Again again, String why, Duration nextPause) {
      if (again.outdated()) {
        observer.outdatedAnswer();
      }
      Duration pause = longer(again.pause(), again.outdated() ? Duration.ZERO : nextPause);
      boolean inTime = endOf(pause).isBefore(wantedUntil());
      // A pod waits for a first session. A session to be refreshed is still cached; its refresh is
      // retried later.
      if (inTime && (again.outdated() || priority == RequestPriority.FIRST)) {
        timers.after(
            pause,
            () -> {
              step.incrementAndGet();
              ask(doubled(nextPause), false);
            });
      } else {
        end(new CredentialOutcome.Unavailable(why));
      }
    }

    private static Duration longer(Duration one, Duration other) {
      return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
      return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration doubled(Duration pause) {
      Duration twice = pause.multipliedBy(2);
      return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
  }
}
