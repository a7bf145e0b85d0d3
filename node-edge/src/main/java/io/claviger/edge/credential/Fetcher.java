package io.claviger.edge.credential;

import io.claviger.edge.credential.BrokerAnswers.Reading;
import io.claviger.edge.credential.CredentialObserver.FlightResult;
import io.claviger.edge.revocation.PositionFloors;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import io.claviger.schemas.bus.Lane;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Asks the brokers until one of them has an answer or the flight's time is over. Thread-safe. */
public final class Fetcher {

  /** Between two questions of one flight, doubled each time. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final Upstream upstream;
  private final BrokerAnswers answers;
  private final PositionFloors floors;
  private final Duration flightDeadline;
  private final Timers timers;
  private final InstantSource clock;
  private final CredentialObserver observer;

  public Fetcher(
      Upstream upstream,
      BrokerAnswers answers,
      PositionFloors floors,
      Duration flightDeadline,
      Timers timers,
      InstantSource clock,
      CredentialObserver observer) {
    this.upstream = upstream;
    this.answers = answers;
    this.floors = floors;
    this.flightDeadline = flightDeadline;
    this.timers = timers;
    this.clock = clock;
    this.observer = observer;
  }

  /** Starts to ask; {@code result} is completed within the flight's deadline. */
  void fetch(Asker asker, Lane lane, CompletableFuture<CredentialOutcome> result) {
    new Attempt(asker, lane, clock.instant().plus(flightDeadline), result).ask(FIRST_PAUSE);
  }

  private static FlightResult resultOf(CredentialOutcome outcome) {
    return switch (outcome) {
      case CredentialOutcome.Issued issued -> FlightResult.ISSUED;
      case CredentialOutcome.Refused refused -> FlightResult.REFUSED;
      case CredentialOutcome.Unavailable unavailable -> FlightResult.UNAVAILABLE;
    };
  }

  private final class Attempt {
    private final Asker asker;
    private final Lane lane;
    private final Instant deadline;
    private final CompletableFuture<CredentialOutcome> result;

    Attempt(Asker asker, Lane lane, Instant deadline, CompletableFuture<CredentialOutcome> result) {
      this.asker = asker;
      this.lane = lane;
      this.deadline = deadline;
      this.result = result;
    }

    void ask(Duration nextPause) {
      CredentialRequest request =
          new CredentialRequest(BusProtocol.VERSION, asker.token(), lane, floors.newest(), null);
      try {
        upstream
            .ask(request, Duration.between(clock.instant(), deadline))
            .whenComplete((reply, failure) -> arrived(reply, nextPause));
      } catch (RuntimeException e) {
        // Also when a timer asks again: nobody may wait for a flight that has no answer to come.
        failed(e);
      }
    }

    private void arrived(@Nullable CredentialReply reply, Duration nextPause) {
      try {
        Reading reading =
            reply == null
                ? new Reading.Again(Duration.ZERO, "a broker cannot be asked", false)
                : answers.read(asker, reply, lane != Lane.FIRST);
        switch (reading) {
          case Reading.Final(var outcome) -> end(outcome);
          case Reading.Again again -> again(again, nextPause);
        }
      } catch (RuntimeException e) {
        failed(e);
      }
    }

    private void end(CredentialOutcome outcome) {
      observer.flight(resultOf(outcome));
      result.complete(outcome);
    }

    private void failed(RuntimeException cause) {
      observer.flight(FlightResult.UNAVAILABLE);
      result.completeExceptionally(cause);
    }

    private void again(Reading.Again again, Duration nextPause) {
      if (again.outdated()) {
        observer.outdatedAnswer();
      }
      Duration pause = longer(again.pause(), again.outdated() ? Duration.ZERO : nextPause);
      boolean inTime = clock.instant().plus(pause).isBefore(deadline);
      // Somebody waits for a first session. What is refreshed is still held, and refreshed again
      // later.
      if (inTime && (again.outdated() || lane == Lane.FIRST)) {
        timers.after(pause, () -> ask(doubled(nextPause)));
      } else {
        end(new CredentialOutcome.Unavailable(again.why()));
      }
    }

    private static Duration longer(Duration one, Duration other) {
      return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration doubled(Duration pause) {
      Duration twice = pause.multipliedBy(2);
      return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
  }
}
