package io.claviger.broker.issuance;

import io.claviger.broker.association.Associations;
import io.claviger.broker.association.Permissions;
import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.workload.WorkloadIdentity;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * Issues credentials from cached sessions, and has a session opened if none is fresh. Never returns
 * an error while a cached session may still be served.
 */
final class SessionIssuer implements CredentialIssuer {

  private static final Logger LOG = LoggerFactory.getLogger(SessionIssuer.class);

  /** How often one request restarts because its association changes meanwhile. */
  private static final int MAX_ROUNDS = 3;

  /**
   * How long a request with a servable cached session waits for the next one. Edges respond within
   * 900 ms.
   */
  private static final Duration REFRESH_TIMEOUT = Duration.ofMillis(400);

  private static final Duration RETRY = Duration.ofMillis(500);
  private static final Duration ANOTHER_MAY_KNOW = Duration.ZERO;

  private final Associations associations;
  private final Permissions permissions;
  private final SessionPlanner planner;
  private final Sessions sessions;
  private final OwnerRoute route;
  private final SessionEvents events;
  private final Freshness freshness;
  private final Duration deadline;
  private final InstantSource clock;
  private final Scheduler scheduler;
  private final MeterRegistry meters;

  private record Request(WorkloadIdentity workload, RequestPriority priority, Instant end) {}

  /**
   * One round of a request: the association that was found, and the session that follows from it.
   */
  private record Round(int number, SessionPlan plan, Position position) {}

  SessionIssuer(
      Issuance.Ports ports,
      SessionPlanner planner,
      Sessions sessions,
      OwnerRoute route,
      SessionEvents events,
      IssuanceLimits limits,
      Issuance.Environment environment) {
    this.associations = ports.associations();
    this.permissions = ports.permissions();
    this.planner = planner;
    this.sessions = sessions;
    this.route = route;
    this.events = events;
    this.freshness = limits.freshness();
    this.deadline = limits.deadline();
    this.clock = environment.clock();
    this.scheduler = environment.scheduler();
    this.meters = environment.meters();
  }

  @Override
  public CompletionStage<IssueOutcome> issue(
      WorkloadIdentity workload, RequestPriority priority, Position minPosition, Duration wait) {
    Instant end = clock.instant().plus(wait.compareTo(deadline) < 0 ? wait : deadline);
    Request request = new Request(workload, priority, end);
    return resolve(request, minPosition, 1)
        .exceptionally(
            bug -> {
              LOG.atError().setCause(bug).log("issuing failed unexpectedly");
              return new IssueOutcome.Unavailable("the broker failed unexpectedly", RETRY);
            })
        .whenComplete((outcome, impossible) -> count(outcome));
  }

  private CompletionStage<IssueOutcome> resolve(Request request, Position minPosition, int round) {
    WorkloadIdentity workload = request.workload();
    return associations
        .find(AssociationKey.of(workload), minPosition)
        .thenCompose(
            lookup ->
                switch (lookup) {
                  case Associations.Lookup.Found(var association, var position) ->
                      found(request, association, position, round);
                  case Associations.Lookup.Absent(var position) ->
                      CompletableFuture.completedFuture(absent(workload, position));
                  case Associations.Lookup.Behind behind ->
                      CompletableFuture.completedFuture(
                          new IssueOutcome.Unavailable(
                              "this broker has not caught up with the associations yet",
                              ANOTHER_MAY_KNOW));
                });
  }

  private Optional<IssueOutcome> denied(
      WorkloadIdentity workload, Association association, Position position) {
    return permissions
        .denial(workload, association)
        .map(denial -> refused(workload, denial.reason(), denial.message(), position));
  }

  private IssueOutcome refused(
      WorkloadIdentity workload, RefusalReason reason, String message, Position position) {
    events.refused(workload, reason, message);
    return new IssueOutcome.Refused(reason, message, position);
  }

  private IssueOutcome absent(WorkloadIdentity workload, Position position) {
    String message =
        "no role is associated with service account %s in namespace %s of cluster %s: create a pod identity association"
                .formatted(workload.serviceAccount(), workload.namespace(), workload.cluster())
            + " (aws eks create-pod-identity-association --endpoint-url BROKERS_API_URL --cluster-name %s --namespace %s --service-account %s --role-arn ...)"
                .formatted(workload.cluster(), workload.namespace(), workload.serviceAccount());
    return refused(workload, RefusalReason.NO_ASSOCIATION, message, position);
  }

  private CompletionStage<IssueOutcome> found(
      Request request, Association association, Position position, int number) {
    Optional<IssueOutcome> denied = denied(request.workload(), association, position);
    if (denied.isPresent()) {
      return CompletableFuture.completedFuture(denied.get());
    }
    Optional<SessionPlan> plan = planner.plan(association, request.workload());
    if (plan.isEmpty()) {
      return CompletableFuture.completedFuture(
          new IssueOutcome.Unavailable(
              "cluster " + association.cluster() + " is not registered with this broker",
              ANOTHER_MAY_KNOW));
    }
    Round round = new Round(number, plan.get(), position);
    Instant now = clock.instant();
    Optional<SessionCredentials> cached = sessions.find(round.plan().key());
    if (cached.filter(session -> freshness.fresh(session, now)).isPresent()) {
      return CompletableFuture.completedFuture(issued(round, cached.get()));
    }
    boolean live = cached.filter(session -> freshness.live(session, now)).isPresent();
    return DetachedWait.within(
            route.open(round.plan(), demand(request, live), position),
            timeout(Duration.between(now, request.end()), live),
            scheduler,
            new OpenResult.Working())
        .thenCompose(result -> settle(request, round, result));
  }

  /** A request with a servable cached session is a refresh. */
  private static OwnerRoute.Demand demand(Request request, boolean live) {
    RequestPriority priority =
        live && request.priority() == RequestPriority.FIRST
            ? RequestPriority.ROUTINE
            : request.priority();
    return new OwnerRoute.Demand(
        priority,
        !live || request.priority() != RequestPriority.ROUTINE,
        request.end().toEpochMilli());
  }

  private static Duration timeout(Duration left, boolean live) {
    return live && left.compareTo(REFRESH_TIMEOUT) > 0 ? REFRESH_TIMEOUT : left;
  }

  /** Checks that the association is still the same, whatever the result. */
  private CompletionStage<IssueOutcome> settle(Request request, Round round, OpenResult result) {
    SessionPlan plan = round.plan();
    if (result instanceof OpenResult.Changed(var seenAt)) {
      return again(request, round, seenAt);
    }
    if (!plan.agreesWith(associations.current(plan.association().key()))) {
      return again(request, round, round.position());
    }
    Optional<IssueOutcome> denied =
        denied(request.workload(), plan.association(), round.position());
    if (denied.isPresent()) {
      return CompletableFuture.completedFuture(denied.get());
    }
    return CompletableFuture.completedFuture(
        switch (result) {
          case OpenResult.Opened(var session) when freshness.live(session, clock.instant()) -> {
            sessions.borrow(plan.key(), session);
            yield issued(round, session);
          }
          case OpenResult.Denied(var reason, var message) when reason.evicts() ->
              new IssueOutcome.Refused(reason, message, round.position());
          case OpenResult.Denied(var reason, var message) ->
              cachedOr(round, new IssueOutcome.Refused(reason, message, round.position()));
          case OpenResult.Failed(var message, var retryAfter) ->
              cachedOr(round, new IssueOutcome.Unavailable(message, Duration.ofMillis(retryAfter)));
          case OpenResult.Working working ->
              cachedOr(
                  round, new IssueOutcome.Unavailable("the session is still being opened", RETRY));
          case OpenResult.Opened ended -> cachedOr(round, ended());
          case OpenResult.Changed changed -> ended();
        });
  }

  private static IssueOutcome ended() {
    return new IssueOutcome.Unavailable("the session has expired meanwhile", RETRY);
  }

  private IssueOutcome cachedOr(Round round, IssueOutcome otherwise) {
    return sessions
        .find(round.plan().key())
        .filter(session -> freshness.live(session, clock.instant()))
        .map(session -> issued(round, session))
        .orElse(otherwise);
  }

  private CompletionStage<IssueOutcome> again(Request request, Round round, Position seenAt) {
    boolean spent = round.number() >= MAX_ROUNDS || !clock.instant().isBefore(request.end());
    if (spent) {
      return CompletableFuture.completedFuture(
          new IssueOutcome.Unavailable("the association keeps changing", RETRY));
    }
    Position minPosition = seenAt.isAtLeast(round.position()) ? seenAt : round.position();
    return resolve(request, minPosition, round.number() + 1);
  }

  private static IssueOutcome issued(Round round, SessionCredentials session) {
    SessionPlan plan = round.plan();
    return new IssueOutcome.Issued(session, plan.association(), plan.sharedBy(), round.position());
  }

  private void count(IssueOutcome outcome) {
    String result =
        switch (outcome) {
          case IssueOutcome.Issued issued -> "issued";
          case IssueOutcome.Refused refused -> "refused";
          case IssueOutcome.Unavailable unavailable -> "unavailable";
        };
    meters.counter(Meters.ISSUE_OUTCOMES, Meters.RESULT, result).increment();
  }
}
