package io.claviger.broker.issuance;

import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.RefusalReason;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Decides what follows if STS did not open a session: whether to retry, what to return, and for how
 * long to cache that. A throttled call is retried for as long as its pending open may wait. Another
 * retryable call is tried three times. If an association, a role or the broker's own credentials
 * must change first, the call is not retried.
 */
final class StsAnswers {

  /** IAM sends no notification when a role's policy changes, so a refusal is retried soon. */
  private static final Duration DENIAL_MEMORY = Duration.ofSeconds(5);

  private static final Duration FAILURE_MEMORY = Duration.ofMillis(250);
  private static final Duration RETRY = Duration.ofMillis(500);
  private static final int ATTEMPTS = 3;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  private final SessionEvents events;
  private final NegativeCache negativeCache;
  private final RoleDenials denials;
  private final DoubleSupplier random;

  /**
   * Starts with empty caches.
   *
   * @param random between 0 and 1, so that pauses differ
   */
  StsAnswers(
      SessionEvents events, InstantSource clock, DoubleSupplier random, MeterRegistry meters) {
    this.events = events;
    this.negativeCache = new NegativeCache(clock);
    this.denials = new RoleDenials(clock);
    this.random = random;
    meters.gauge(Meters.BROKER_FAULT, denials, all -> all.brokerFault() ? 1 : 0);
  }

  /** Returns the result that is known without a call to STS; absent if STS must be called. */
  Optional<OpenResult> known(SessionPlan plan) {
    return negativeCache
        .find(plan.key())
        .or(() -> denials.standing(plan.request()).map(denied -> answer(plan, denied)));
  }

  /** As {@link #known}; if no result is known, the caller must call STS next. */
  Optional<OpenResult> knownOrAsk(SessionPlan plan) {
    return negativeCache
        .find(plan.key())
        .or(() -> denials.orAsk(plan.request()).map(denied -> answer(plan, denied)));
  }

  /** Records that STS has opened the session. */
  void opened(SessionPlan plan) {
    denials.opened(plan.request());
  }

  /** Records that STS has denied the session, and returns the result. */
  OpenResult denied(SessionPlan plan, RoleSessions.Result.Denied denied) {
    denials.denied(plan.request(), denied);
    OpenResult answer = answer(plan, denied);
    if (answer instanceof OpenResult.Denied(var reason, var message)) {
      negativeCache.remember(plan.key(), answer, DENIAL_MEMORY);
      events.denied(plan, reason, message);
    } else if (answer instanceof OpenResult.Failed(var message, var retryAfter)) {
      negativeCache.remember(plan.key(), answer, FAILURE_MEMORY);
      events.failed(plan, "BROKER_FAULT", message);
    }
    return answer;
  }

  private OpenResult answer(SessionPlan plan, RoleSessions.Result.Denied denied) {
    if (denied.reason() == RefusalReason.ROLE_DENIED && denials.brokerFault()) {
      return new OpenResult.Failed(
          "several unrelated roles deny the broker at once: check the policy of the broker's own"
              + " role, and its identity",
          RETRY.toMillis());
    }
    String message =
        "%s (association %s of %s/%s)"
            .formatted(
                denied.message(),
                plan.association().id(),
                plan.association().spec().namespace(),
                plan.association().spec().serviceAccount());
    return new OpenResult.Denied(denied.reason(), message);
  }

  /**
   * Counts a retryable failure. Returns how long to pause before the next STS call; absent if there
   * is none.
   */
  Optional<Duration> retryable(PendingOpen pendingOpen, RoleSessions.Result.Retryable retryable) {
    int tries = pendingOpen.tried(retryable.message());
    boolean again =
        switch (retryable.cause()) {
          case THROTTLED -> true;
          case FAILING -> pendingOpen.failed() < ATTEMPTS;
          case OWN_CREDENTIALS -> false;
        };
    return again ? Optional.of(pause(tries)) : Optional.empty();
  }

  /** Records a failure of this broker, and returns the result. */
  OpenResult failed(SessionPlan plan, String cause, String message) {
    OpenResult failed = new OpenResult.Failed(message, RETRY.toMillis());
    negativeCache.remember(plan.key(), failed, FAILURE_MEMORY);
    events.failed(plan, cause, message);
    return failed;
  }

  /** Doubles with each try, plus or minus half. */
  private Duration pause(int tries) {
    long doubled =
        Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(tries - 1, Long.SIZE / 8));
    return Duration.ofMillis((long) (doubled * (0.5 + random.getAsDouble())));
  }
}
