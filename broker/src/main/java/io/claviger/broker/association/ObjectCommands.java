package io.claviger.broker.association;

import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationCommand.OnAssociation;
import io.claviger.schemas.association.AssociationCommand.Operation;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationOutcome.Result;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Sends the commands of a namespace's objects to the log.
 *
 * @param tokens generates request tokens, a new one each time: a repeated token would return its
 *     earlier outcome, although the association may have been deleted since
 */
record ObjectCommands(AssociationCommands commands, InstantSource clock, Supplier<String> tokens) {

  /** Longer than the sender's own timeout, so that the sender reports a missing outcome itself. */
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** Returns the writer's result; empty if none arrives in time. Never fails. */
  CompletionStage<Optional<Result>> send(AssociationKey key, OnAssociation operation) {
    return send(key.cluster(), DeclaredAssociation.principal(key.namespace()), operation);
  }

  /** Sends a command of another actor. */
  CompletionStage<Optional<Result>> send(String cluster, String actor, Operation operation) {
    return commands
        .send(AssociationCommand.of(cluster, tokens.get(), actor, clock.instant(), operation))
        .toCompletableFuture()
        .orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (outcome, failure) ->
                failure == null ? Optional.of(outcome.result()) : Optional.empty());
  }
}
