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
 * Asks the brokers until one of them has an answer, nobody waits for it any more, or the flight's
 * time is over. What comes later is cached all the same. Thread-safe.
 */
public final class Fetcher {

  /** Between two requests of one flight, doubled each time. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** A pod that was told to ask again does so at once: its flight goes on meanwhile. */
  private static final Duration UNTIL_IT_ASKS_AGAIN = Duration.ofMillis(300);

  /** What a broker has begun is mostly done after so much longer. */
  private static final Duration UNTIL_IT_IS_DONE = Duration.ofSeconds(2);

  private static final CredentialOutcome NOBODY_ASKED =
      new CredentialOutcome.Unavailable(
          "a broker cannot be asked", new CredentialOutcome.Again(Duration.ZERO, false));

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
   * Asks for a first session, or joins who asks already.
   *
   * @param wanted how long an answer is waited for
   * @param known what is known of this requester; looked at once more before a broker is asked
   */
  CompletionStage<CredentialOutcome> first(
      Requester requester, Duration wanted, Supplier<@Nullable CredentialOutcome> known) {
    return flights.joinOrStart(
        requester.flight(),
        endOf(wanted),
        flight -> {
          // A flight that ended since the requester looked has left its result.
          CredentialOutcome meanwhile = known.get();
          if (meanwhile != null) {
            flight.complete(meanwhile);
          } else {
            fetch(requester, RequestPriority.FIRST, flight);
          }
        });
  }

  /** Asks for the session after one that is cached, for as long as a flight may take. */
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

    /** Even while a broker is asked; what is to happen next is done by whoever counts it up. */
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
        // Also when a timer asks again: nobody may wait for a flight that has no answer to come.
        failed(e);
      }
    }

    private Instant wantedUntil() {
      Instant wanted = flight.wantedUntil();
      Instant end = wanted.isBefore(deadline) ? wanted.plus(UNTIL_IT_ASKS_AGAIN) : deadline;
      return end.isBefore(deadline) ? end : deadline;
    }

    /** The broker was told to drop it by now: it is asked anew for those who came meanwhile. */
    private void waitedFor(int asked, Duration nextPause, boolean otherFirst) {
      if (!step.compareAndSet(asked, asked + 2)) {
        return;
      }
      if (clock.instant().isBefore(wantedUntil())) {
        ask(nextPause, !otherFirst);
      } else {
        end(new CredentialOutcome.Unavailable("no broker answers in time"));
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
      // Somebody waits for a first session. What is refreshed is still cached, and is refreshed
      // again later.
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
