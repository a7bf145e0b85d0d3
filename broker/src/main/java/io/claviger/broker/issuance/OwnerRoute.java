package io.claviger.broker.issuance;

import io.claviger.broker.telemetry.Meters;
import io.claviger.config.load.HedgePolicy;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.Lane;
import io.claviger.schemas.bus.OpenSession;
import io.claviger.schemas.bus.OpenSessionReply;
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
 * and here when the owner shows no sign of life in time. The first question is for that sign alone,
 * so that the whole patience is for the way there and back. Later ones are held while the owner is
 * at work: one that dies then is noticed {@link #HOLD} later than one that never gave any. How long
 * silence has to last follows what owners took lately, and how often it may lead to a second call
 * of STS has a budget; where that is spent, the owner is asked again.
 *
 * <p>Nobody waits for a renewal ahead of time, and half of the session's life is left: one that
 * finds no owner that is able asks again, whoever owns the key by then, so that a broker that comes
 * or goes does not cost a second call.
 */
final class OwnerRoute {

  /** How long the owner may hold its reply once it has shown that it lives. */
  static final Duration HOLD = Duration.ofMillis(100);

  /**
   * The pauses between them double from the patience on: all take 37 patiences, 5.55 s of 150 ms.
   * By then a member that is frozen has been removed.
   */
  private static final int RENEWAL_RETRIES = 5;

  /** An owner that has just started takes so many times as long as one that is warm. */
  private static final int LONGEST_PATIENCE = 4;

  /** So many answers in a hundred may be opened a second time, and so many at once. */
  private static final double TAKE_OVERS = 0.03;

  private static final int TAKE_OVERS_AT_ONCE = 10;

  /**
   * More than any owner that holds its replies says within a deadline; one that does not hold them
   * is amiss.
   */
  private static final int MAX_POLLS = 1_000;

  private static final Opening BUG =
      new Opening.Failed("asking the session's owner failed unexpectedly", Duration.ofMillis(500));

  private final SessionOwners owners;
  private final PeerSessions peers;
  private final SessionOpener here;
  private final Duration patience;
  private final HedgePolicy takeOvers;
  private final long mostSilences;
  private final int maxAsked;
  private final InstantSource clock;
  private final Scheduler scheduler;
  private final MeterRegistry meters;
  private final Map<SessionKey, OwnerQuestion> asked = new ConcurrentHashMap<>();

  /**
   * How urgent a session is.
   *
   * @param lane in which it is opened
   * @param awaited whether somebody waits for it; else it is renewed ahead of time
   * @param untilMillis until when whoever asks waits, in milliseconds of the epoch
   */
  record Urgency(Lane lane, boolean awaited, long untilMillis) {}

  /** The owner opens nothing at this moment. */
  private static final class UnableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnableException(String message) {
      super(message, null, false, false);
    }
  }

  OwnerRoute(
      SessionOwners owners,
      PeerSessions peers,
      SessionOpener here,
      IssuanceLimits limits,
      InstantSource clock,
      Scheduler scheduler,
      MeterRegistry meters) {
    this.owners = owners;
    this.peers = peers;
    this.here = here;
    this.patience = limits.ownerPatience();
    this.takeOvers =
        new HedgePolicy(
            patience, patience.multipliedBy(LONGEST_PATIENCE), TAKE_OVERS, TAKE_OVERS_AT_ONCE);
    this.mostSilences = limits.deadline().dividedBy(patience);
    this.maxAsked = limits.concurrency() + limits.maxWaiting();
    this.clock = clock;
    this.scheduler = scheduler;
    this.meters = meters;
  }

  /**
   * Opens the session wherever that is to be done. Never fails.
   *
   * @param position at which the plan's association was read
   */
  CompletionStage<Opening> open(SessionPlan plan, Urgency urgency, Position position) {
    return owners.ownerOf(plan.key()) instanceof SessionOwners.Owner.Here
        ? here.open(plan, urgency.lane(), urgency.untilMillis())
        : join(plan, urgency, position);
  }

  /** All who want the same session from here share one question. */
  private CompletionStage<Opening> join(SessionPlan plan, Urgency urgency, Position position) {
    OwnerQuestion mine = new OwnerQuestion(urgency);
    OwnerQuestion ahead = asked.putIfAbsent(plan.key(), mine);
    if (ahead != null) {
      ahead.hurry(urgency);
      return ahead.takenOver ? here.open(plan, ahead.lane, ahead.untilMillis) : ahead.answer.copy();
    }
    if (asked.size() > maxAsked) {
      asked.remove(plan.key(), mine);
      takenOver("overflow", urgency.lane());
      return here.open(plan, urgency.lane(), urgency.untilMillis());
    }
    ask(plan, mine, position)
        .onErrorReturn(BUG)
        .subscribe(
            opening -> {
              asked.remove(plan.key(), mine);
              mine.answer.complete(opening);
            });
    return mine.answer.copy();
  }

  private Mono<Opening> ask(SessionPlan plan, OwnerQuestion mine, Position position) {
    return Mono.defer(() -> askOwner(plan, mine, position))
        .retryWhen(Retry.from(all -> all.concatMap(trouble -> pause(trouble, plan, mine))))
        .onErrorResume(trouble -> takeOver(plan, mine, trouble));
  }

  private Mono<Opening> askOwner(SessionPlan plan, OwnerQuestion mine, Position position) {
    SessionOwners.Owner owner = owners.ownerOf(plan.key());
    mine.owner = owner;
    return switch (owner) {
      case SessionOwners.Owner.Here() -> here(plan, mine);
      case SessionOwners.Owner.Peer(var nodeId) -> ask(nodeId, plan, mine, position);
    };
  }

  private Mono<Opening> ask(
      String nodeId, SessionPlan plan, OwnerQuestion mine, Position position) {
    return signOfLife(nodeId, plan, mine, position)
        .switchIfEmpty(
            question(nodeId, plan, mine, position, HOLD)
                .repeatWhenEmpty(MAX_POLLS, again -> again.takeWhile(poll -> wanted(mine))))
        .flatMap(OwnerRoute::opening)
        .defaultIfEmpty(Opening.UNWANTED);
  }

  /** A session that is to be renewed is, also where nobody waits for it. */
  private boolean wanted(OwnerQuestion mine) {
    return mine.lane != Lane.FIRST || clock.millis() < mine.untilMillis;
  }

  private Mono<OpenSessionReply> signOfLife(
      String nodeId, SessionPlan plan, OwnerQuestion mine, Position position) {
    return Mono.defer(
        () -> {
          long asked = scheduler.now(TimeUnit.NANOSECONDS);
          return question(nodeId, plan, mine, position, Duration.ZERO)
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
  private Mono<Long> pause(Retry.RetrySignal trouble, SessionPlan plan, OwnerQuestion mine) {
    long retries = trouble.totalRetries();
    if (mine.awaited && silent(trouble)) {
      if (retries >= mostSilences || takeOvers.take()) {
        return Mono.error(trouble.failure());
      }
      meters.counter(Meters.OWNER_ASKED_AGAIN, List.of(Meters.lane(mine.lane))).increment();
      return Mono.just(retries);
    }
    boolean again = mine.awaited ? retries == 0 : retries < RENEWAL_RETRIES;
    if (again && !owners.ownerOf(plan.key()).equals(mine.owner)) {
      return Mono.just(retries);
    }
    if (!again || mine.awaited) {
      return Mono.error(trouble.failure());
    }
    return Mono.delay(patience.multipliedBy(1L << retries), scheduler)
        .takeUntilOther(mine.hurried.asMono())
        .defaultIfEmpty(retries);
  }

  private static boolean silent(Retry.RetrySignal trouble) {
    return trouble.failure() instanceof TimeoutException;
  }

  /** One question; empty when the owner is at work. */
  private Mono<OpenSessionReply> question(
      String nodeId, SessionPlan plan, OwnerQuestion mine, Position position, Duration hold) {
    return Mono.defer(
            () ->
                Patience.detached(
                    peers.ask(
                        nodeId,
                        new OpenSession(
                            BusProtocol.VERSION,
                            plan.key(),
                            plan.workload(),
                            mine.lane,
                            position,
                            hold.toMillis()),
                        takeOvers.delay().plus(hold))))
        .filter(reply -> !(reply instanceof OpenSessionReply.Working));
  }

  private static Mono<Opening> opening(OpenSessionReply reply) {
    return switch (reply) {
      case OpenSessionReply.Opened(var session) -> Mono.just(new Opening.Opened(session));
      case OpenSessionReply.Denied(var reason, var message) ->
          Mono.just(new Opening.Denied(reason, message));
      case OpenSessionReply.Failed(var message, var retryAfter) when retryAfter > 0 ->
          Mono.just(new Opening.Failed(message, Duration.ofMillis(retryAfter)));
      case OpenSessionReply.Failed(var message, var never) ->
          Mono.error(new UnableException(message));
      case OpenSessionReply.Moved(var position) -> Mono.just(new Opening.Moved(position));
      case OpenSessionReply.Working working -> Mono.empty();
    };
  }

  private Mono<Opening> takeOver(SessionPlan plan, OwnerQuestion mine, Throwable trouble) {
    takenOver(trouble instanceof UnableException ? "unable" : "silent", mine.lane);
    return here(plan, mine);
  }

  private Mono<Opening> here(SessionPlan plan, OwnerQuestion mine) {
    return Mono.defer(
        () -> {
          mine.takenOver = true;
          return Patience.detached(here.open(plan, mine.lane, mine.untilMillis));
        });
  }

  private void takenOver(String cause, Lane lane) {
    List<Tag> tags = List.of(Tag.of(Meters.CAUSE, cause), Meters.lane(lane));
    meters.counter(Meters.OWNER_TAKEOVERS, tags).increment();
  }
}
