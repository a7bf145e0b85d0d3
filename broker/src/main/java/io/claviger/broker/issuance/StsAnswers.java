package io.claviger.broker.issuance;

import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.bus.RefusalReason;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * What follows when STS did not open a session: whether it is asked again at once, what is
 * answered, and for how long that is remembered. A throttled call is tried again for as long as its
 * ticket may wait, another that may pass three times; what an association or a role would have to
 * change for, and the broker's own credentials, are not.
 */
final class StsAnswers {

  /** IAM tells nobody when a role's policy has changed, so a refusal is tried again soon. */
  private static final Duration DENIAL_MEMORY = Duration.ofSeconds(5);

  private static final Duration FAILURE_MEMORY = Duration.ofMillis(250);
  private static final Duration RETRY = Duration.ofMillis(500);
  private static final int ATTEMPTS = 3;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  private final SessionEvents events;
  private final Setbacks setbacks;
  private final RoleDenials denials;
  private final DoubleSupplier random;

  /**
   * Remembers nothing yet.
   *
   * @param random between 0 and 1, so that pauses differ
   */
  StsAnswers(
      SessionEvents events, InstantSource clock, DoubleSupplier random, MeterRegistry meters) {
    this.events = events;
    this.setbacks = new Setbacks(clock);
    this.denials = new RoleDenials(clock);
    this.random = random;
    meters.gauge(Meters.OWN_TROUBLE, denials, all -> all.ownTrouble() ? 1 : 0);
  }

  /** What is answered without asking STS; absent when it is to be asked. */
  Optional<Opening> known(SessionPlan plan) {
    return setbacks
        .find(plan.key())
        .or(() -> denials.standing(plan.request()).map(denied -> answer(plan, denied)));
  }

  /** As {@link #known}, by who asks STS next when it is not known. */
  Optional<Opening> knownOrAsk(SessionPlan plan) {
    return setbacks
        .find(plan.key())
        .or(() -> denials.orAsk(plan.request()).map(denied -> answer(plan, denied)));
  }

  /** STS has opened the session. */
  void opened(SessionPlan plan) {
    denials.opened(plan.request());
  }

  /** STS has denied it. */
  Opening denied(SessionPlan plan, RoleSessions.Result.Denied denied) {
    denials.denied(plan.request(), denied);
    Opening answer = answer(plan, denied);
    if (answer instanceof Opening.Denied(var reason, var message)) {
      setbacks.remember(plan.key(), answer, DENIAL_MEMORY);
      events.denied(plan, reason, message);
    } else if (answer instanceof Opening.Failed(var message, var retryAfter)) {
      setbacks.remember(plan.key(), answer, FAILURE_MEMORY);
      events.failed(plan, "OWN_TROUBLE", message);
    }
    return answer;
  }

  private Opening answer(SessionPlan plan, RoleSessions.Result.Denied denied) {
    if (denied.reason() == RefusalReason.ROLE_DENIED && denials.ownTrouble()) {
      return new Opening.Failed(
          "several unrelated roles deny the broker at once: its own role's policy, or its identity,"
              + " is amiss",
          RETRY);
    }
    String message =
        "%s (association %s of %s/%s)"
            .formatted(
                denied.message(),
                plan.association().id(),
                plan.association().spec().namespace(),
                plan.association().spec().serviceAccount());
    return new Opening.Denied(denied.reason(), message);
  }

  /** STS could not open it now. */
  OpeningStep passing(Ticket ticket, RoleSessions.Result.Passing passing) {
    int tries = ticket.tried(passing.message());
    boolean again =
        switch (passing.cause()) {
          case THROTTLED -> true;
          case FAILING -> ticket.failed() < ATTEMPTS;
          case OWN_CREDENTIALS -> false;
        };
    return again
        ? new OpeningStep.Again(pause(tries))
        : new OpeningStep.Ended(failed(ticket.plan(), passing.cause().name(), passing.message()));
  }

  /** It failed here. */
  Opening failed(SessionPlan plan, String cause, String message) {
    Opening failed = new Opening.Failed(message, RETRY);
    setbacks.remember(plan.key(), failed, FAILURE_MEMORY);
    events.failed(plan, cause, message);
    return failed;
  }

  /** Doubles with each try, by half more or less. */
  private Duration pause(int tries) {
    long doubled =
        Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(tries - 1, Long.SIZE / 8));
    return Duration.ofMillis((long) (doubled * (0.5 + random.getAsDouble())));
  }
}
