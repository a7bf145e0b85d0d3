package io.claviger.broker.issuance;

import io.claviger.broker.telemetry.Meters;
import io.claviger.config.load.HedgePolicy;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.OpenSession;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.bus.SessionKey;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Has a session opened by the broker that owns its key, so that all brokers together open it once;
 * and here when the owner shows no sign of life in time. The first request is for that sign alone,
 * so that the whole timeout is for the way there and back. The owner may delay its replies to later
 * ones while it is at work: one that dies then is noticed {@link #HOLD} later than one that never
 * gave a sign. How long silence has to last follows what owners took lately, and how often it may
 * lead to a second call of STS has a budget; where that is spent, the owner is asked again.
 *
 * <p>Nobody waits for a renewal ahead of time, and half of the session's life is left: one that
 * finds no owner that is able asks again, whoever owns the key by then, so that a broker that comes
 * or goes does not cost a second call.
 */
final class OwnerRoute {

  /** How long the owner may hold its reply once it has shown that it lives. */
  static final Duration HOLD = Duration.ofMillis(100);

  /**
   * The pauses between them double from the timeout on: all take 37 timeouts, 5.55 s of 150 ms. By
   * then a member that is frozen has been removed.
   */
  private static final int RENEWAL_RETRIES = 5;

  /** An owner that has just started takes so many times as long as one that is warm. */
  private static final int MAX_TIMEOUT_FACTOR = 4;

  /** So many answers in a hundred may be opened a second time, and so many at once. */
  private static final double TAKE_OVERS = 0.03;

  private static final int TAKE_OVERS_AT_ONCE = 10;

  /**
   * More than any owner that holds its replies says within a deadline; one that does not hold them
   * is amiss.
   */
  private static final int MAX_POLLS = 1_000;

  private static final OpenResult BUG =
      new OpenResult.Failed("asking the session's owner failed unexpectedly", 500);

  private final SessionOwners owners;
  private final PeerSessions peers;
  private final SessionOpener here;
  private final Duration timeout;
  private final HedgePolicy takeOvers;
  private final long maxSilences;
  private final int maxAsked;
  private final InstantSource clock;
  private final Scheduler scheduler;
  private final MeterRegistry meters;
  private final Map<SessionKey, OwnerRequest> asked = new ConcurrentHashMap<>();

  /**
   * How urgent a session is.
   *
   * @param priority in which it is opened
   * @param awaited whether somebody waits for it; else it is renewed ahead of time
   * @param untilMillis until when whoever asks waits, in milliseconds of the epoch
   */
  record Demand(RequestPriority priority, boolean awaited, long untilMillis) {}

  /** The owner opens nothing at this moment. */
  private static final class UnableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnableException(String message) {
      super(message, null, false, false);
    }
  }

  OwnerRoute(
      Issuance.Ports ports,
      SessionOpener here,
      IssuanceLimits limits,
      Issuance.Environment environment) {
    this.owners = ports.owners();
    this.peers = ports.peers();
    this.here = here;
    this.timeout = limits.ownerTimeout();
    this.takeOvers =
        new HedgePolicy(
            timeout, timeout.multipliedBy(MAX_TIMEOUT_FACTOR), TAKE_OVERS, TAKE_OVERS_AT_ONCE);
    this.maxSilences = limits.deadline().dividedBy(timeout);
    this.maxAsked = limits.concurrency() + limits.maxWaiting();
    this.clock = environment.clock();
    this.scheduler = environment.scheduler();
    this.meters = environment.meters();
  }

  /**
   * Opens the session wherever that is to be done. Never fails.
   *
   * @param position at which the plan's association was read
   */
  CompletionStage<OpenResult> open(SessionPlan plan, Demand demand, Position position) {
    return owners.ownerOf(plan.key()) instanceof SessionOwners.Owner.Here
        ? here.open(plan, demand.priority(), demand.untilMillis())
        : join(plan, demand, position);
  }

  /** All who want the same session from here share one request. */
  private CompletionStage<OpenResult> join(SessionPlan plan, Demand demand, Position position) {
    OwnerRequest mine = new OwnerRequest(demand);
    OwnerRequest ahead = asked.putIfAbsent(plan.key(), mine);
    if (ahead != null) {
      ahead.join(demand);
      return ahead.takenOver
          ? here.open(plan, ahead.priority, ahead.untilMillis)
          : ahead.answer.copy();
    }
    if (asked.size() > maxAsked) {
      asked.remove(plan.key(), mine);
      takenOver("overflow", demand.priority());
      return here.open(plan, demand.priority(), demand.untilMillis());
    }
    ask(plan, mine, position)
        .onErrorReturn(BUG)
        .subscribe(
            result -> {
              asked.remove(plan.key(), mine);
              mine.answer.complete(result);
            });
    return mine.answer.copy();
  }

  private Mono<OpenResult> ask(SessionPlan plan, OwnerRequest mine, Position position) {
    return Mono.defer(() -> askOwner(plan, mine, position))
        .retryWhen(Retry.from(all -> all.concatMap(failure -> pause(failure, plan, mine))))
        .onErrorResume(failure -> takeOver(plan, mine, failure));
  }

  private Mono<OpenResult> askOwner(SessionPlan plan, OwnerRequest mine, Position position) {
    SessionOwners.Owner owner = owners.ownerOf(plan.key());
    mine.owner = owner;
    return switch (owner) {
      case SessionOwners.Owner.Here() -> here(plan, mine);
      case SessionOwners.Owner.Peer(var nodeId) -> ask(nodeId, plan, mine, position);
    };
  }

  private Mono<OpenResult> ask(
      String nodeId, SessionPlan plan, OwnerRequest mine, Position position) {
    return signOfLife(nodeId, plan, mine, position)
        .switchIfEmpty(
            ask(nodeId, plan, mine, position, HOLD)
                .repeatWhenEmpty(MAX_POLLS, again -> again.takeWhile(poll -> wanted(mine))))
        .flatMap(OwnerRoute::result)
        .defaultIfEmpty(PendingOpen.UNWANTED);
  }

  /** A session that is to be renewed is, also where nobody waits for it. */
  private boolean wanted(OwnerRequest mine) {
    return mine.priority != RequestPriority.FIRST || clock.millis() < mine.untilMillis;
  }

  private Mono<OpenResult> signOfLife(
      String nodeId, SessionPlan plan, OwnerRequest mine, Position position) {
    return Mono.defer(
        () -> {
          long asked = scheduler.now(TimeUnit.NANOSECONDS);
          return ask(nodeId, plan, mine, position, Duration.ZERO)
              .doOnSuccess(
                  reply ->
                      takeOvers.answered(
                          Duration.ofNanos(scheduler.now(TimeUnit.NANOSECONDS) - asked)));
        });
  }

  /**
   * Ends when to ask again: at once where another owns the key by now. Fails when nobody is to be
   * asked again. Whoever is awaited has waited for one silence, and waits for another only where
   * the budget is spent.
   */
  private Mono<Long> pause(Retry.RetrySignal failure, SessionPlan plan, OwnerRequest mine) {
    long retries = failure.totalRetries();
    if (mine.awaited && silent(failure)) {
      if (retries >= maxSilences || takeOvers.take()) {
        return Mono.error(failure.failure());
      }
      meters.counter(Meters.OWNER_ASKED_AGAIN, List.of(Meters.priority(mine.priority))).increment();
      return Mono.just(retries);
    }
    boolean again = mine.awaited ? retries == 0 : retries < RENEWAL_RETRIES;
    if (again && !owners.ownerOf(plan.key()).equals(mine.owner)) {
      return Mono.just(retries);
    }
    if (!again || mine.awaited) {
      return Mono.error(failure.failure());
    }
    return Mono.delay(timeout.multipliedBy(1L << retries), scheduler)
        .takeUntilOther(mine.joined.asMono())
        .defaultIfEmpty(retries);
  }

  private static boolean silent(Retry.RetrySignal failure) {
    return failure.failure() instanceof TimeoutException;
  }

  /** One request; empty when the owner is at work. */
  private Mono<OpenResult> ask(
      String nodeId, SessionPlan plan, OwnerRequest mine, Position position, Duration wait) {
    return Mono.defer(
            () ->
                DetachedWait.detached(
                    peers.ask(
                        nodeId,
                        new OpenSession(
                            BusProtocol.VERSION,
                            plan.key(),
                            plan.workload(),
                            mine.priority,
                            position,
                            wait.toMillis()),
                        takeOvers.delay().plus(wait))))
        .filter(reply -> !(reply instanceof OpenResult.Working));
  }

  private static Mono<OpenResult> result(OpenResult reply) {
    return reply instanceof OpenResult.Failed(var message, var retryAfter) && retryAfter <= 0
        ? Mono.error(new UnableException(message))
        : Mono.just(reply);
  }

  private Mono<OpenResult> takeOver(SessionPlan plan, OwnerRequest mine, Throwable failure) {
    takenOver(failure instanceof UnableException ? "unable" : "silent", mine.priority);
    return here(plan, mine);
  }

  private Mono<OpenResult> here(SessionPlan plan, OwnerRequest mine) {
    return Mono.defer(
        () -> {
          mine.takenOver = true;
          return DetachedWait.detached(here.open(plan, mine.priority, mine.untilMillis));
        });
  }

  private void takenOver(String cause, RequestPriority priority) {
    List<Tag> tags = List.of(Tag.of(Meters.CAUSE, cause), Meters.priority(priority));
    meters.counter(Meters.OWNER_TAKEOVERS, tags).increment();
  }
}
