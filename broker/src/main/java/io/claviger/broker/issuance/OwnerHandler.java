package io.claviger.broker.issuance;

import io.claviger.broker.association.Associations;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.OpenSession;
import io.claviger.schemas.bus.SessionKey;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * The owner's side: opens the sessions that other brokers request. A reply waits for the session as
 * long as the requesting broker allows. A broker that receives {@link OpenResult.Working} repeats
 * its request.
 */
public final class OwnerHandler {

  /** The maximum time that a reply waits, even if the requesting broker allows more. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(OwnerHandler.class);

  private final Associations associations;
  private final SessionPlanner planner;
  private final SessionOpener opener;
  private final Scheduler scheduler;

  OwnerHandler(
      Associations associations,
      SessionPlanner planner,
      SessionOpener opener,
      Scheduler scheduler) {
    this.associations = associations;
    this.planner = planner;
    this.opener = opener;
    this.scheduler = scheduler;
  }

  /** Replies within the time that the request allows; never fails. */
  public CompletionStage<OpenResult> open(OpenSession request) {
    CompletionStage<OpenResult> reply =
        associations
            .find(AssociationKey.of(request.workload()), request.position())
            .thenCompose(lookup -> answer(request, lookup))
            .exceptionally(
                bug -> {
                  LOG.atError().setCause(bug).log("replying to another broker failed unexpectedly");
                  return unable("this broker failed unexpectedly");
                });
    return waitFor(reply, Duration.ofMillis(request.waitMillis()));
  }

  private CompletionStage<OpenResult> waitFor(CompletionStage<OpenResult> reply, Duration allowed) {
    OpenResult working = new OpenResult.Working();
    if (allowed.isZero()) {
      return CompletableFuture.completedFuture(reply.toCompletableFuture().getNow(working));
    }
    Duration wait = allowed.compareTo(LONGEST_WAIT) < 0 ? allowed : LONGEST_WAIT;
    return DetachedWait.within(reply, wait, scheduler, working);
  }

  private CompletionStage<OpenResult> answer(OpenSession request, Associations.Lookup lookup) {
    return switch (lookup) {
      case Associations.Lookup.Behind behind ->
          CompletableFuture.completedFuture(unable("this broker's associations are behind"));
      case Associations.Lookup.Absent(var position) ->
          CompletableFuture.completedFuture(new OpenResult.Changed(position));
      case Associations.Lookup.Found(var association, var position) ->
          answer(request, association, position);
    };
  }

  private CompletionStage<OpenResult> answer(
      OpenSession request, Association association, Position position) {
    SessionKey wanted = request.key();
    if (!association.id().equals(wanted.associationId())
        || association.revision() != wanted.revision()) {
      return CompletableFuture.completedFuture(new OpenResult.Changed(position));
    }
    Optional<SessionPlan> plan =
        planner.plan(association, request.workload()).filter(own -> own.key().equals(wanted));
    return plan.isEmpty()
        ? CompletableFuture.completedFuture(
            unable("this broker's registration of the cluster differs"))
        : opener.openForPeer(plan.get(), request.priority());
  }

  private static OpenResult unable(String message) {
    return new OpenResult.Failed(message, 0);
  }
}
