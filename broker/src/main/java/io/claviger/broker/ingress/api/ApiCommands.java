package io.claviger.broker.ingress.api;

import io.claviger.broker.association.AssociationCommands;
import io.claviger.broker.association.AssociationCommands.UndecidedException;
import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationCommand.Operation;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.AssociationOutcome.Result;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends commands of requests to the log's writer, and maps the outcomes to answers. */
final class ApiCommands {

  private final ClusterAccess access;
  private final AssociationCommands commands;
  private final InstantSource clock;
  private final Supplier<UUID> uuids;

  ApiCommands(
      ClusterAccess access,
      AssociationCommands commands,
      InstantSource clock,
      Supplier<UUID> uuids) {
    this.access = access;
    this.commands = commands;
    this.clock = clock;
    this.uuids = uuids;
  }

  /**
   * The command of a request.
   *
   * @param cluster the registered name of the cluster
   * @param token the clientRequestToken; null if absent
   * @param operation builds the operation, once the caller has access to the cluster; it throws an
   *     IllegalArgumentException that names an invalid field
   */
  record Asked(String cluster, @Nullable String token, Supplier<Operation> operation) {}

  /**
   * Sends a command.
   *
   * @param accepted the type of the result if the log's writer accepts the command
   */
  <T extends Result> CompletionStage<ApiAnswer> send(
      ApiCall call, Asked asked, Class<T> accepted, Function<T, ApiAnswer> shape) {
    Optional<Failed> refusal = access.refusal(call, asked.cluster());
    if (refusal.isPresent()) {
      return CompletableFuture.completedFuture(refusal.get());
    }
    AssociationCommand command;
    try {
      command = command(call, asked);
    } catch (IllegalArgumentException e) {
      // A record's constructor has rejected a value. The message names the field.
      return CompletableFuture.completedFuture(
          new Failed(ApiErrors.INVALID_PARAMETER, String.valueOf(e.getMessage())));
    }
    return commands
        .send(command)
        .thenApply(outcome -> answer(outcome.result(), accepted, shape))
        .exceptionally(ApiCommands::undecided);
  }

  private static <T extends Result> ApiAnswer answer(
      Result result, Class<T> accepted, Function<T, ApiAnswer> shape) {
    if (result instanceof Refused(var code, var message)) {
      return new Failed(code, message);
    }
    if (!accepted.isInstance(result)) {
      throw new IllegalStateException("the outcome answers another command");
    }
    return shape.apply(accepted.cast(result));
  }

  private AssociationCommand command(ApiCall call, Asked asked) {
    String token = asked.token();
    return AssociationCommand.of(
        asked.cluster(),
        token == null ? uuids.get().toString() : token,
        call.caller().principal(),
        clock.instant(),
        asked.operation().get());
  }

  private static ApiAnswer undecided(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof UndecidedException undecided) {
      return ApiErrors.unavailable(
          "the change is not decided yet ("
              + undecided.getMessage()
              + "): retry; with the same clientRequestToken it is applied once");
    }
    throw new CompletionException(cause);
  }
}
