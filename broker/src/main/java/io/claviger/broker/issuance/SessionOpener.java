package io.claviger.broker.issuance;

import io.claviger.broker.association.Associations;
import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Opens sessions from this broker: one opening per key at a time, in the order of priority, limited
 * in concurrency and rate. If a waiting request leaves, the opening continues and its result is
 * cached for the next request.
 */
final class SessionOpener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SessionOpener.class);

  private static final Duration RETRY = Duration.ofMillis(500);

  /** Another broker repeats its request every 100 ms while a client waits there. */
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
  private final Map<String, StsDispatcher> dispatchers = new HashMap<>();
  private final Map<SessionKey, PendingOpen> pendingOpens = new ConcurrentHashMap<>();
  private volatile boolean closed;

  SessionOpener(
      Issuance.Ports ports,
      Sessions sessions,
      SessionEvents events,
      IssuanceLimits limits,
      Issuance.Environment environment) {
    this.roleSessions = ports.roleSessions();
    this.quotas = ports.quotas();
    this.associations = ports.associations();
    this.sessions = sessions;
    this.events = events;
    this.clock = environment.clock();
    this.scheduler = environment.scheduler();
    this.answers = new StsAnswers(events, clock, environment.random(), environment.meters());
    this.freshness = limits.freshness();
    this.deadline = limits.deadline();
    for (String account : quotas.accounts()) {
      dispatchers.put(
          account,
          new StsDispatcher(
              this::work,
              this::giveUp,
              limits.dispatcherLimits(Meters.account(account)),
              quotas.of(account),
              clock,
              scheduler,
              environment.meters()));
    }
  }

  /**
   * Opens the session, or joins an opening in progress. A session that is already cached takes no
   * slot and no quota. Ends within the deadline; never fails.
   *
   * @param untilMillis until when a requester without a session waits, in milliseconds since the
   *     epoch. An opening that has not begun by then is dropped. A refresh is opened nevertheless
   */
  CompletionStage<OpenResult> open(SessionPlan plan, RequestPriority priority, long untilMillis) {
    Optional<OpenResult> known = there(plan).or(() -> answers.known(plan));
    if (known.isPresent()) {
      return CompletableFuture.completedFuture(known.get());
    }
    long now = clock.millis();
    long until = priority == RequestPriority.FIRST ? untilMillis : now + deadline.toMillis();
    PendingOpen pendingOpen = new PendingOpen(plan, priority, now, until);
    PendingOpen ahead = pendingOpens.putIfAbsent(plan.key(), pendingOpen);
    if (ahead != null) {
      ahead.waitUntil(until);
      if (ahead.raise(priority)) {
        dispatcher(ahead).overtake(ahead);
      }
      return ahead.outcome();
    }
    admit(pendingOpen);
    return pendingOpen.outcome();
  }

  /**
   * Opens the session for another broker, which repeats its request for as long as it needs the
   * session.
   */
  CompletionStage<OpenResult> openForPeer(SessionPlan plan, RequestPriority priority) {
    return open(plan, priority, clock.millis() + ASKED_AGAIN.toMillis());
  }

  private Optional<OpenResult> there(SessionPlan plan) {
    return plan.agreesWith(current(plan))
        ? sessions.find(plan.key()).filter(this::fresh).map(OpenResult.Opened::new)
        : Optional.of(changed(plan));
  }

  private boolean fresh(SessionCredentials session) {
    return freshness.fresh(session, clock.instant());
  }

  private StsDispatcher dispatcher(PendingOpen pendingOpen) {
    String account = quotas.callerFor(pendingOpen.plan().request().roleArn());
    return Objects.requireNonNull(dispatchers.get(account));
  }

  private void admit(PendingOpen pendingOpen) {
    StsDispatcher dispatcher = dispatcher(pendingOpen);
    Optional<OpenResult.Failed> refused = dispatcher.admit(pendingOpen);
    if (refused.isPresent()) {
      end(pendingOpen, refused.get());
      return;
    }
    Disposable alarm =
        scheduler.schedule(() -> timeOut(pendingOpen), deadline.toMillis(), TimeUnit.MILLISECONDS);
    pendingOpen
        .outcome()
        .thenRun(
            () -> {
              alarm.dispose();
              dispatcher.leave(pendingOpen);
            });
  }

  private void timeOut(PendingOpen pendingOpen) {
    String message = "STS did not open the session within " + deadline.toMillis() + " ms";
    String lastFailure = pendingOpen.lastFailure();
    String whole = lastFailure.isEmpty() ? message : message + ": " + lastFailure;
    if (end(pendingOpen, new OpenResult.Failed(whole, RETRY.toMillis()))) {
      events.failed(pendingOpen.plan(), "DEADLINE", whole);
    }
  }

  private void giveUp(PendingOpen pendingOpen) {
    end(pendingOpen, PendingOpen.UNWANTED);
  }

  /**
   * The work of one slot: one try, whose result is cached even if no request waits any more. Emits
   * how long to pause before the next try, and nothing if the pending open has ended.
   */
  private Mono<Duration> work(PendingOpen pendingOpen) {
    return Mono.defer(() -> attempt(pendingOpen))
        .onErrorResume(
            bug -> {
              // After close, no pending open continues with STS's response.
              if (!closed) {
                LOG.atError().setCause(bug).log("opening a session failed unexpectedly");
              }
              return ended(
                  pendingOpen,
                  new OpenResult.Failed("the session could not be opened", RETRY.toMillis()));
            });
  }

  private boolean end(PendingOpen pendingOpen, OpenResult result) {
    pendingOpens.remove(pendingOpen.plan().key(), pendingOpen);
    return pendingOpen.complete(result);
  }

  /**
   * While this pending open was queued, another broker or an earlier pending open may have opened
   * the session.
   */
  private Mono<Duration> attempt(PendingOpen pendingOpen) {
    SessionPlan plan = pendingOpen.plan();
    if (!plan.agreesWith(current(plan))) {
      return ended(pendingOpen, changed(plan));
    }
    Optional<SessionCredentials> cached = sessions.find(plan.key());
    if (cached.filter(this::fresh).isPresent()) {
      return ended(pendingOpen, new OpenResult.Opened(cached.get()));
    }
    Optional<OpenResult> known = answers.knownOrAsk(plan);
    return known.isPresent()
        ? ended(pendingOpen, known.get())
        : Mono.defer(() -> DetachedWait.detached(roleSessions.open(plan.request())))
            .publishOn(scheduler)
            .flatMap(result -> settle(pendingOpen, result, cached.isPresent()));
  }

  /** Ends the pending open: there is no pause and no further try. */
  private Mono<Duration> ended(PendingOpen pendingOpen, OpenResult result) {
    end(pendingOpen, result);
    return Mono.empty();
  }

  private Mono<Duration> settle(
      PendingOpen pendingOpen, RoleSessions.Result result, boolean refresh) {
    SessionPlan plan = pendingOpen.plan();
    return switch (result) {
      case RoleSessions.Result.Opened opened -> {
        answers.opened(plan);
        yield ended(pendingOpen, keep(plan, opened, refresh));
      }
      case RoleSessions.Result.Denied denied -> ended(pendingOpen, answers.denied(plan, denied));
      case RoleSessions.Result.Retryable retryable ->
          answers
              .retryable(pendingOpen, retryable)
              .map(Mono::just)
              .orElseGet(
                  () ->
                      ended(
                          pendingOpen,
                          answers.failed(plan, retryable.cause().name(), retryable.message())));
    };
  }

  /**
   * Checks the association before and after caching the session. A change that is applied in
   * between has already dropped older sessions, and would miss one cached a moment later.
   */
  private OpenResult keep(SessionPlan plan, RoleSessions.Result.Opened opened, boolean refresh) {
    SessionCredentials session = opened.credentials();
    if (!plan.agreesWith(current(plan))) {
      events.tooLate(plan, opened);
      return changed(plan);
    }
    if (!freshness.live(session, clock.instant())) {
      return answers.failed(
          plan, "TOO_SHORT", "the session that STS opened ends too soon to be served");
    }
    sessions.keep(plan.key(), session);
    Optional<Association> now = current(plan);
    if (!plan.agreesWith(now)) {
      sessions.dropOtherRevisions(plan.key().associationId(), revisionKept(plan, now));
      events.tooLate(plan, opened);
      return changed(plan);
    }
    events.opened(plan, opened, refresh);
    return new OpenResult.Opened(session);
  }

  private static OptionalLong revisionKept(SessionPlan plan, Optional<Association> now) {
    return now.filter(association -> association.id().equals(plan.key().associationId()))
        .map(association -> OptionalLong.of(association.revision()))
        .orElseGet(OptionalLong::empty);
  }

  private Optional<Association> current(SessionPlan plan) {
    return associations.current(plan.association().key());
  }

  private OpenResult changed(SessionPlan plan) {
    return new OpenResult.Changed(associations.position(plan.key().cluster()));
  }

  @Override
  public void close() {
    closed = true;
    dispatchers.values().forEach(StsDispatcher::close);
    OpenResult stopping = new OpenResult.Failed("this broker is stopping", 0);
    pendingOpens.values().forEach(pendingOpen -> end(pendingOpen, stopping));
  }
}
