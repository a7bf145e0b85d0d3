package io.claviger.broker.issuance;

import io.claviger.broker.association.Associations;
import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.bus.Lane;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Opens sessions from this broker: the same key once at a time, in the order of urgency, so many at
 * once and a second. Whoever waits may leave; the opening goes on, and its result is kept for the
 * next.
 */
final class SessionOpener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SessionOpener.class);

  private static final Duration RETRY = Duration.ofMillis(500);

  /** Another broker asks again every 100 ms while somebody waits there. */
  private static final Duration ASKED_AGAIN = Duration.ofSeconds(2);

  private final RoleSessions roleSessions;
  private final Quotas quotas;
  private final Associations associations;
  private final Sessions sessions;
  private final SessionEvents events;
  private final StsAnswers answers;
  private final Freshness freshness;
  private final Duration deadline;
  private final InstantSource clock;
  private final Scheduler scheduler;
  private final Map<String, OpeningLine> lines = new HashMap<>();
  private final Map<SessionKey, Ticket> tickets = new ConcurrentHashMap<>();
  private volatile boolean closed;

  SessionOpener(
      Issuance.Ports ports,
      Sessions sessions,
      SessionEvents events,
      IssuanceLimits limits,
      InstantSource clock,
      DoubleSupplier random,
      Scheduler scheduler,
      MeterRegistry meters) {
    this.roleSessions = ports.roleSessions();
    this.quotas = ports.quotas();
    this.associations = ports.associations();
    this.sessions = sessions;
    this.events = events;
    this.answers = new StsAnswers(events, clock, random, meters);
    this.freshness = limits.freshness();
    this.deadline = limits.deadline();
    this.clock = clock;
    this.scheduler = scheduler;
    for (String account : quotas.accounts()) {
      lines.put(
          account,
          new OpeningLine(
              this::work,
              this::giveUp,
              limits.line(Meters.account(account)),
              quotas.of(account),
              clock,
              scheduler,
              meters));
    }
  }

  /**
   * Opens the session, or joins whoever is at it; one that is there already takes no turn and none
   * of the quota. Ends within the deadline; never fails.
   *
   * @param untilMillis until when whoever lacks a session waits, in milliseconds of the epoch; what
   *     has not begun by then is given up. The next one of who has one is opened all the same
   */
  CompletionStage<Opening> open(SessionPlan plan, Lane lane, long untilMillis) {
    Optional<Opening> known = there(plan).or(() -> answers.known(plan));
    if (known.isPresent()) {
      return CompletableFuture.completedFuture(known.get());
    }
    long now = clock.millis();
    long until = lane == Lane.FIRST ? untilMillis : now + deadline.toMillis();
    Ticket ticket = new Ticket(plan, lane, now, until);
    Ticket ahead = tickets.putIfAbsent(plan.key(), ticket);
    if (ahead != null) {
      ahead.waitUntil(until);
      if (ahead.hurry(lane)) {
        line(ahead).overtake(ahead);
      }
      return ahead.outcome();
    }
    admit(ticket);
    return ticket.outcome();
  }

  /** The same for another broker, which asks again for as long as it wants to have it. */
  CompletionStage<Opening> openForPeer(SessionPlan plan, Lane lane) {
    return open(plan, lane, clock.millis() + ASKED_AGAIN.toMillis());
  }

  private Optional<Opening> there(SessionPlan plan) {
    return plan.agreesWith(current(plan))
        ? sessions.find(plan.key()).filter(this::fresh).map(Opening.Opened::new)
        : Optional.of(moved(plan));
  }

  private boolean fresh(SessionCredentials session) {
    return freshness.fresh(session, clock.instant());
  }

  private OpeningLine line(Ticket ticket) {
    String account = quotas.callerFor(ticket.plan().request().roleArn());
    return Objects.requireNonNull(lines.get(account));
  }

  private void admit(Ticket ticket) {
    OpeningLine line = line(ticket);
    Optional<Opening.Failed> refused = line.admit(ticket);
    if (refused.isPresent()) {
      end(ticket, refused.get());
      return;
    }
    Disposable alarm =
        scheduler.schedule(() -> timeOut(ticket), deadline.toMillis(), TimeUnit.MILLISECONDS);
    ticket
        .outcome()
        .thenRun(
            () -> {
              alarm.dispose();
              line.leave(ticket);
            });
  }

  private void timeOut(Ticket ticket) {
    String message = "STS did not open the session within " + deadline.toMillis() + " ms";
    String trouble = ticket.trouble();
    String whole = trouble.isEmpty() ? message : message + ": " + trouble;
    if (end(ticket, new Opening.Failed(whole, RETRY))) {
      events.failed(ticket.plan(), "DEADLINE", whole);
    }
  }

  private void giveUp(Ticket ticket) {
    end(ticket, Opening.UNWANTED);
  }

  /** What a slot is held for: one try, whose result is kept also when nobody waits any more. */
  private Mono<Duration> work(Ticket ticket) {
    return Mono.defer(() -> attempt(ticket))
        .onErrorResume(
            bug -> {
              // Once closed, what comes back from STS finds nobody who would go on with it.
              if (!closed) {
                LOG.atError().setCause(bug).log("opening a session failed unexpectedly");
              }
              Opening failed = new Opening.Failed("the session could not be opened", RETRY);
              return Mono.just(new OpeningStep.Ended(failed));
            })
        .mapNotNull(
            step ->
                switch (step) {
                  case OpeningStep.Again(var pause) -> pause;
                  case OpeningStep.Ended(var opening) -> {
                    end(ticket, opening);
                    yield null;
                  }
                });
  }

  private boolean end(Ticket ticket, Opening opening) {
    tickets.remove(ticket.plan().key(), ticket);
    return ticket.complete(opening);
  }

  /**
   * While this ticket stood in line, another broker or an earlier ticket may have done its work.
   */
  private Mono<OpeningStep> attempt(Ticket ticket) {
    SessionPlan plan = ticket.plan();
    if (!plan.agreesWith(current(plan))) {
      return ended(moved(plan));
    }
    Optional<SessionCredentials> held = sessions.find(plan.key());
    if (held.filter(this::fresh).isPresent()) {
      return ended(new Opening.Opened(held.get()));
    }
    return answers
        .knownOrAsk(plan)
        .map(SessionOpener::ended)
        .orElseGet(
            () ->
                Mono.defer(() -> Patience.detached(roleSessions.open(plan.request())))
                    .publishOn(scheduler)
                    .map(result -> settle(ticket, result, held.isPresent())));
  }

  private static Mono<OpeningStep> ended(Opening opening) {
    return Mono.just(new OpeningStep.Ended(opening));
  }

  private OpeningStep settle(Ticket ticket, RoleSessions.Result result, boolean refresh) {
    SessionPlan plan = ticket.plan();
    return switch (result) {
      case RoleSessions.Result.Opened opened -> {
        answers.opened(plan);
        yield new OpeningStep.Ended(keep(plan, opened, refresh));
      }
      case RoleSessions.Result.Denied denied -> new OpeningStep.Ended(answers.denied(plan, denied));
      case RoleSessions.Result.Passing passing -> answers.passing(ticket, passing);
    };
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
      return answers.failed(
          plan, "TOO_SHORT", "the session that STS opened ends too soon to be handed out");
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
    closed = true;
    lines.values().forEach(OpeningLine::close);
    Opening stopping = new Opening.Failed("this broker is stopping", Duration.ZERO);
    tickets.values().forEach(ticket -> end(ticket, stopping));
  }
}
