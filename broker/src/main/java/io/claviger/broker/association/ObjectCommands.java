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
 * What the objects of a namespace ask of the log.
 *
 * @param tokens request tokens, another one each time: a repeated one would get the answer of
 *     before, although the association may have been deleted since
 */
record ObjectCommands(AssociationCommands commands, InstantSource clock, Supplier<String> tokens) {

  /** Longer than the sender's: it is to say itself that there was no outcome. */
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** What the writer says; nothing when it says nothing in time. Never fails. */
  CompletionStage<Optional<Result>> send(AssociationKey key, OnAssociation operation) {
    return send(key.cluster(), DeclaredAssociation.principal(key.namespace()), operation);
  }

  /** The same, as somebody else. */
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
