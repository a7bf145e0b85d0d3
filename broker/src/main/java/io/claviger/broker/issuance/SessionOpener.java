package io.claviger.broker.issuance;

import io.claviger.broker.association.Associations;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.bus.Lane;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Opens sessions from this broker: the same key once at a time, in the order of urgency, so many at
 * once. Whoever waits may leave; the opening goes on, and its result is kept for the next.
 */
final class SessionOpener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SessionOpener.class);

  /** IAM tells nobody when a role's policy has changed, so a refusal is tried again soon. */
  private static final Duration DENIAL_MEMORY = Duration.ofSeconds(5);

  private static final Duration FAILURE_MEMORY = Duration.ofMillis(250);
  private static final Duration RETRY = Duration.ofMillis(500);

  private final RoleSessions roleSessions;
  private final Associations associations;
  private final Sessions sessions;
  private final SessionEvents events;
  private final Freshness freshness;
  private final Duration deadline;
  private final InstantSource clock;
  private final Scheduler scheduler;
  private final Setbacks setbacks;
  private final OpeningLine line;
  private final Map<SessionKey, Ticket> tickets = new ConcurrentHashMap<>();

  SessionOpener(
      RoleSessions roleSessions,
      Associations associations,
      Sessions sessions,
      SessionEvents events,
      IssuanceLimits limits,
      InstantSource clock,
      Scheduler scheduler,
      MeterRegistry meters) {
    this.roleSessions = roleSessions;
    this.associations = associations;
    this.sessions = sessions;
    this.events = events;
    this.freshness = limits.freshness();
    this.deadline = limits.deadline();
    this.clock = clock;
    this.scheduler = scheduler;
    this.setbacks = new Setbacks(clock);
    this.line =
        new OpeningLine(
            this::work,
            limits.concurrency(),
            limits.maxWaiting(),
            limits.window(),
            scheduler,
            meters);
  }

  /** Opens the session, or joins whoever is at it. Ends within the deadline; never fails. */
  CompletionStage<Opening> open(SessionPlan plan, Lane lane) {
    Optional<Opening> setback = setbacks.find(plan.key());
    if (setback.isPresent()) {
      return CompletableFuture.completedFuture(setback.get());
    }
    Ticket ticket = new Ticket(plan, lane);
    Ticket ahead = tickets.putIfAbsent(plan.key(), ticket);
    if (ahead != null) {
      if (ahead.hurry(lane)) {
        line.overtake(ahead);
      }
      return ahead.outcome();
    }
    admit(ticket);
    return ticket.outcome();
  }

  private void admit(Ticket ticket) {
    if (!line.admit(ticket)) {
      end(ticket, new Opening.Failed("too many sessions wait to be opened", RETRY));
      return;
    }
    Disposable alarm =
        scheduler.schedule(() -> timeOut(ticket), deadline.toMillis(), TimeUnit.MILLISECONDS);
    ticket.outcome().thenRun(alarm::dispose);
  }

  private void timeOut(Ticket ticket) {
    String message = "STS did not open the session within " + deadline.toMillis() + " ms";
    if (end(ticket, new Opening.Failed(message, RETRY))) {
      events.failed(ticket.plan(), message);
    }
  }

  /** What a slot is held for: until the session is open, or nobody may wait for it any longer. */
  private Mono<?> work(Ticket ticket) {
    return attempt(ticket.plan())
        .onErrorResume(
            bug -> {
              LOG.atError().setCause(bug).log("opening a session failed unexpectedly");
              return Mono.just(new Opening.Failed("the session could not be opened", RETRY));
            })
        .takeUntilOther(Patience.detached(ticket.outcome()))
        .doOnNext(opening -> end(ticket, opening));
  }

  private boolean end(Ticket ticket, Opening opening) {
    tickets.remove(ticket.plan().key(), ticket);
    return ticket.complete(opening);
  }

  /**
   * While this ticket stood in line, another broker or an earlier ticket may have done its work.
   */
  private Mono<Opening> attempt(SessionPlan plan) {
    if (!plan.agreesWith(current(plan))) {
      return Mono.just(moved(plan));
    }
    Optional<SessionCredentials> held = sessions.find(plan.key());
    if (held.filter(session -> freshness.fresh(session, clock.instant())).isPresent()) {
      return Mono.just(new Opening.Opened(held.get()));
    }
    return setbacks
        .find(plan.key())
        .map(Mono::just)
        .orElseGet(
            () ->
                Mono.defer(() -> Patience.detached(roleSessions.open(plan.request())))
                    .publishOn(scheduler)
                    .map(result -> settle(plan, result, held.isPresent())));
  }

  private Opening settle(SessionPlan plan, RoleSessions.Result result, boolean refresh) {
    return switch (result) {
      case RoleSessions.Result.Opened opened -> keep(plan, opened, refresh);
      case RoleSessions.Result.Denied(var reason, var message) -> {
        Opening denied = new Opening.Denied(reason, message);
        setbacks.remember(plan.key(), denied, DENIAL_MEMORY);
        events.denied(plan, reason, message);
        yield denied;
      }
      case RoleSessions.Result.Passing(var message) -> failed(plan, message);
    };
  }

  private Opening failed(SessionPlan plan, String message) {
    Opening failed = new Opening.Failed(message, RETRY);
    setbacks.remember(plan.key(), failed, FAILURE_MEMORY);
    events.failed(plan, message);
    return failed;
  }

  /**
   * Looks at the association before and after: a change that is applied in between has dropped what
   * was there to drop, and would miss what is kept a moment later.
   */
  private Opening keep(SessionPlan plan, RoleSessions.Result.Opened opened, boolean refresh) {
    SessionCredentials session = opened.credentials();
    if (!plan.agreesWith(current(plan))) {
      events.tooLate(plan, opened);
      return moved(plan);
    }
    if (!freshness.live(session, clock.instant())) {
      return failed(plan, "the session that STS opened ends too soon to be handed out");
    }
    sessions.keep(plan.key(), session);
    Optional<Association> now = current(plan);
    if (!plan.agreesWith(now)) {
      sessions.dropOtherRevisions(plan.key().associationId(), revisionKept(plan, now));
      events.tooLate(plan, opened);
      return moved(plan);
    }
    events.opened(plan, opened, refresh);
    return new Opening.Opened(session);
  }

  private static OptionalLong revisionKept(SessionPlan plan, Optional<Association> now) {
    return now.filter(association -> association.id().equals(plan.key().associationId()))
        .map(association -> OptionalLong.of(association.revision()))
        .orElseGet(OptionalLong::empty);
  }

  private Optional<Association> current(SessionPlan plan) {
    return associations.current(plan.association().key());
  }

  private Opening moved(SessionPlan plan) {
    return new Opening.Moved(associations.position(plan.key().cluster()));
  }

  @Override
  public void close() {
    line.close();
    Opening closed = new Opening.Failed("this broker is stopping", Duration.ZERO);
    tickets.values().forEach(ticket -> end(ticket, closed));
  }
}
