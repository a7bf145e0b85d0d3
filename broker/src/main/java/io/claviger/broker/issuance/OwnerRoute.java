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
 * Opens a session through the broker that owns its key, so that all brokers together open it once.
 * If the owner shows no sign of life in time, this broker opens the session itself.
 *
 * <p>The first request only checks that the owner is alive, so the whole timeout covers the round
 * trip. While the owner is working, it may delay later replies by {@link #HOLD}. An owner that dies
 * during that time is detected that much later. The timeout follows the owners' recent response
 * times. A budget limits how often silence may cause a second STS call. When the budget is spent,
 * this broker sends the request to the owner again.
 *
 * <p>No client waits for a renewal ahead of time, and half of the session's life is left. If the
 * owner cannot serve a renewal, this broker retries with the broker that owns the key by then. A
 * broker that joins or leaves therefore costs no second call.
 */
final class OwnerRoute {

  /** How long the owner may hold its reply after its sign of life. */
  static final Duration HOLD = Duration.ofMillis(100);

  /**
   * The pauses between retries double, starting at the timeout. Together they take 37 timeouts:
   * 5.55 s at 150 ms. By then the mesh has removed a frozen member.
   */
  private static final int RENEWAL_RETRIES = 5;

  /** A newly started owner may take this many times as long as a warm one. */
  private static final int MAX_TIMEOUT_FACTOR = 4;

  /** The fraction of responses that may lead to a second opening of the session. */
  private static final double TAKE_OVERS = 0.03;

  private static final int TAKE_OVERS_AT_ONCE = 10;

  /**
   * More replies than an owner that holds them can send within a deadline. An owner that sends more
   * is faulty.
   */
  private static final int MAX_POLLS = 1_000;

  private static final OpenResult BUG =
      new OpenResult.Failed("requesting the session from its owner failed unexpectedly", 500);

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
   * @param priority at which it is opened
   * @param awaited whether a client waits for it; otherwise it is renewed ahead of time
   * @param untilMillis until when the requester waits, in milliseconds since the epoch
   */
  record Demand(RequestPriority priority, boolean awaited, long untilMillis) {}

  /** The owner cannot open sessions at the moment. */
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
   * Opens the session here or at its owner. Never fails.
   *
   * @param position at which the plan's association was read
   */
  CompletionStage<OpenResult> open(SessionPlan plan, Demand demand, Position position) {
    return owners.ownerOf(plan.key()) instanceof SessionOwners.Owner.Here
        ? here.open(plan, demand.priority(), demand.untilMillis())
        : join(plan, demand, position);
  }

  /** Shares one request among all local requests for the same session. */
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

  /**
   * Returns whether the session is still needed. A renewal is needed even if no client waits for
   * it.
   */
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
   * Ends when it is time to retry: at once if the key has another owner by now. Fails if there is
   * no further retry. An awaited request waits for a second silence only if the takeover budget is
   * spent.
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

  /** Sends one request; empty while the owner is working. */
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
