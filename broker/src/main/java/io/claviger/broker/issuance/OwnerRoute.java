package io.claviger.broker.issuance;

import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.Lane;
import io.claviger.schemas.bus.OpenSession;
import io.claviger.schemas.bus.OpenSessionReply;
import io.claviger.schemas.bus.SessionKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Has a session opened by the broker that owns its key, so that all brokers together open it once;
 * and here when the owner shows no sign of life in time. The first question is for that sign alone,
 * so that the whole patience is for the way there and back. Later ones are held while the owner is
 * at work: one that dies then is noticed {@link #HOLD} later than one that never gave any.
 */
final class OwnerRoute {

  /** How long the owner may hold its reply once it has shown that it lives. */
  static final Duration HOLD = Duration.ofMillis(100);

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
  private final int maxAsked;
  private final Scheduler scheduler;
  private final MeterRegistry meters;
  private final Map<SessionKey, Question> asked = new ConcurrentHashMap<>();

  /** What all who want the same session from here ask together, as urgently as any of them. */
  private static final class Question {
    private final CompletableFuture<Opening> answer = new CompletableFuture<>();
    private volatile Lane lane;

    /** The owner was silent or unable: it is opened here. */
    private volatile boolean takenOver;

    Question(Lane lane) {
      this.lane = lane;
    }

    synchronized void hurry(Lane wanted) {
      lane = wanted.compareTo(lane) < 0 ? wanted : lane;
    }
  }

  OwnerRoute(
      SessionOwners owners,
      PeerSessions peers,
      SessionOpener here,
      IssuanceLimits limits,
      Scheduler scheduler,
      MeterRegistry meters) {
    this.owners = owners;
    this.peers = peers;
    this.here = here;
    this.patience = limits.ownerPatience();
    this.maxAsked = limits.concurrency() + limits.maxWaiting();
    this.scheduler = scheduler;
    this.meters = meters;
  }

  /**
   * Opens the session wherever that is to be done. Never fails.
   *
   * @param position at which the plan's association was read
   */
  CompletionStage<Opening> open(SessionPlan plan, Lane lane, Position position) {
    return switch (owners.ownerOf(plan.key())) {
      case SessionOwners.Owner.Here() -> here.open(plan, lane);
      case SessionOwners.Owner.Unknown() -> takeOver(plan, lane, "unknown");
      case SessionOwners.Owner.Peer(var nodeId) -> join(nodeId, plan, lane, position);
    };
  }

  /** All who want the same session from here share one question. */
  private CompletionStage<Opening> join(
      String nodeId, SessionPlan plan, Lane lane, Position position) {
    Question mine = new Question(lane);
    Question ahead = asked.putIfAbsent(plan.key(), mine);
    if (ahead != null) {
      ahead.hurry(lane);
      return ahead.takenOver ? here.open(plan, ahead.lane) : ahead.answer.copy();
    }
    if (asked.size() > maxAsked) {
      asked.remove(plan.key(), mine);
      return takeOver(plan, lane, "overflow");
    }
    ask(nodeId, plan, mine, position)
        .onErrorReturn(BUG)
        .subscribe(
            opening -> {
              asked.remove(plan.key(), mine);
              mine.answer.complete(opening);
            });
    return mine.answer.copy();
  }

  private Mono<Opening> ask(String nodeId, SessionPlan plan, Question mine, Position position) {
    return question(nodeId, plan, mine, position, Duration.ZERO)
        .switchIfEmpty(
            question(nodeId, plan, mine, position, HOLD).repeatWhenEmpty(MAX_POLLS, again -> again))
        .flatMap(reply -> opening(reply, plan, mine))
        .onErrorResume(
            silence -> Mono.defer(() -> Patience.detached(takeOver(plan, mine, "silent"))));
  }

  /** One question; empty when the owner is at work. */
  private Mono<OpenSessionReply> question(
      String nodeId, SessionPlan plan, Question mine, Position position, Duration hold) {
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
                            hold.toMillis()))))
        .timeout(patience.plus(hold), scheduler)
        .filter(reply -> !(reply instanceof OpenSessionReply.Working));
  }

  private Mono<Opening> opening(OpenSessionReply reply, SessionPlan plan, Question mine) {
    return switch (reply) {
      case OpenSessionReply.Opened(var session) -> Mono.just(new Opening.Opened(session));
      case OpenSessionReply.Denied(var reason, var message) ->
          Mono.just(new Opening.Denied(reason, message));
      case OpenSessionReply.Failed(var message, var retryAfter) when retryAfter > 0 ->
          Mono.just(new Opening.Failed(message, Duration.ofMillis(retryAfter)));
      case OpenSessionReply.Failed unable -> Patience.detached(takeOver(plan, mine, "unable"));
      case OpenSessionReply.Moved(var position) -> Mono.just(new Opening.Moved(position));
      case OpenSessionReply.Working working -> Mono.empty();
    };
  }

  private CompletionStage<Opening> takeOver(SessionPlan plan, Question mine, String cause) {
    mine.takenOver = true;
    return takeOver(plan, mine.lane, cause);
  }

  private CompletionStage<Opening> takeOver(SessionPlan plan, Lane lane, String cause) {
    meters.counter(Meters.OWNER_TAKEOVERS, Meters.CAUSE, cause).increment();
    return here.open(plan, lane);
  }
}
