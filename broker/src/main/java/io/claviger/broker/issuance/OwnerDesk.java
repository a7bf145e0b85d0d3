package io.claviger.broker.issuance;

import io.claviger.broker.association.Associations;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.OpenSession;
import io.claviger.schemas.bus.OpenSessionReply;
import io.claviger.schemas.bus.SessionKey;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * The owner's side: opens sessions that other brokers ask for. A reply is held for as long as the
 * asking broker allows; whoever gets {@link OpenSessionReply.Working} asks again.
 */
public final class OwnerDesk {

  /** Nobody's reply is held longer, whatever they allow. */
  private static final Duration LONGEST_HOLD = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(OwnerDesk.class);

  private final Associations associations;
  private final SessionPlanner planner;
  private final SessionOpener opener;
  private final Scheduler scheduler;

  OwnerDesk(
      Associations associations,
      SessionPlanner planner,
      SessionOpener opener,
      Scheduler scheduler) {
    this.associations = associations;
    this.planner = planner;
    this.opener = opener;
    this.scheduler = scheduler;
  }

  /** Answers within the time that the question allows; never fails. */
  public CompletionStage<OpenSessionReply> open(OpenSession request) {
    CompletionStage<OpenSessionReply> reply =
        associations
            .find(AssociationKey.of(request.workload()), request.position())
            .thenCompose(lookup -> answer(request, lookup))
            .exceptionally(
                bug -> {
                  LOG.atError().setCause(bug).log("answering another broker failed unexpectedly");
                  return unable("this broker failed unexpectedly");
                });
    return hold(reply, Duration.ofMillis(request.holdMillis()));
  }

  private CompletionStage<OpenSessionReply> hold(
      CompletionStage<OpenSessionReply> reply, Duration allowed) {
    OpenSessionReply working = new OpenSessionReply.Working();
    if (allowed.isZero()) {
      return CompletableFuture.completedFuture(reply.toCompletableFuture().getNow(working));
    }
    Duration held = allowed.compareTo(LONGEST_HOLD) < 0 ? allowed : LONGEST_HOLD;
    return Patience.within(reply, held, scheduler, working);
  }

  private CompletionStage<OpenSessionReply> answer(
      OpenSession request, Associations.Lookup lookup) {
    return switch (lookup) {
      case Associations.Lookup.Behind behind ->
          CompletableFuture.completedFuture(unable("this broker's associations are behind"));
      case Associations.Lookup.Absent(var position) ->
          CompletableFuture.completedFuture(new OpenSessionReply.Moved(position));
      case Associations.Lookup.Found(var association, var position) ->
          answer(request, association, position);
    };
  }

  private CompletionStage<OpenSessionReply> answer(
      OpenSession request, Association association, Position position) {
    SessionKey wanted = request.key();
    if (!association.id().equals(wanted.associationId())
        || association.revision() != wanted.revision()) {
      return CompletableFuture.completedFuture(new OpenSessionReply.Moved(position));
    }
    Optional<SessionPlan> plan =
        planner.plan(association, request.workload()).filter(own -> own.key().equals(wanted));
    return plan.isEmpty()
        ? CompletableFuture.completedFuture(
            unable("this broker's registration of the cluster differs"))
        : opener.openForPeer(plan.get(), request.lane()).thenApply(OwnerDesk::reply);
  }

  private static OpenSessionReply reply(Opening opening) {
    return switch (opening) {
      case Opening.Opened(var session) -> new OpenSessionReply.Opened(session);
      case Opening.Denied(var reason, var message) -> new OpenSessionReply.Denied(reason, message);
      case Opening.Failed(var message, var retryAfter) ->
          new OpenSessionReply.Failed(message, retryAfter.toMillis());
      case Opening.Moved(var position) -> new OpenSessionReply.Moved(position);
    };
  }

  private static OpenSessionReply unable(String message) {
    return new OpenSessionReply.Failed(message, 0);
  }
}
