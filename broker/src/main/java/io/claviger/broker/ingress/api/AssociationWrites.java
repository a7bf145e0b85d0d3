package io.claviger.broker.ingress.api;

import io.claviger.broker.association.AssociationCommands;
import io.claviger.broker.association.AssociationCommands.UndecidedException;
import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationCommand.Operation;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.AssociationSpec;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The operations that change something: each becomes a command to the log's writer. */
final class AssociationWrites {

  private static final String TOKEN = "clientRequestToken";

  private final ClusterAccess access;
  private final AssociationArns arns;
  private final AssociationShapes shapes;
  private final AssociationCommands commands;
  private final InstantSource clock;
  private final Supplier<UUID> uuids;

  AssociationWrites(
      ClusterAccess access,
      AssociationArns arns,
      AssociationShapes shapes,
      AssociationCommands commands,
      InstantSource clock,
      Supplier<UUID> uuids) {
    this.access = access;
    this.arns = arns;
    this.shapes = shapes;
    this.commands = commands;
    this.clock = clock;
    this.uuids = uuids;
  }

  CompletionStage<ApiAnswer> create(ApiCall call) {
    JsonObject body = call.body();
    return send(
        call, body.getString(TOKEN), () -> new AssociationCommand.Create(spec(body)), shapes::one);
  }

  CompletionStage<ApiAnswer> update(ApiCall call) {
    JsonObject body = call.body();
    return send(
        call,
        body.getString(TOKEN),
        () ->
            new AssociationCommand.Update(
                call.path("associationId"),
                body.getString("roleArn"),
                body.getString("targetRoleArn"),
                body.getBoolean("disableSessionTags"),
                body.getString("policy"),
                ifRevision(call)),
        shapes::one);
  }

  CompletionStage<ApiAnswer> delete(ApiCall call) {
    return send(
        call,
        null,
        () -> new AssociationCommand.Delete(call.path("associationId"), ifRevision(call)),
        shapes::one);
  }

  CompletionStage<ApiAnswer> tag(ApiCall call) {
    return onNamed(call, id -> new AssociationCommand.Tag(id, tags(call.body())));
  }

  CompletionStage<ApiAnswer> untag(ApiCall call) {
    return onNamed(call, id -> new AssociationCommand.Untag(id, call.list("tagKeys")));
  }

  private CompletionStage<ApiAnswer> onNamed(ApiCall call, Function<String, Operation> operation) {
    String arn = call.path("resourceArn");
    return arns.parse(arn)
        .map(
            named ->
                send(
                    call,
                    named.cluster(),
                    null,
                    () -> operation.apply(named.id()),
                    done -> ApiAnswer.empty()))
        .orElseGet(() -> CompletableFuture.completedFuture(ApiErrors.unknownArn(arn)));
  }

  private CompletionStage<ApiAnswer> send(
      ApiCall call,
      @Nullable String token,
      Supplier<Operation> operation,
      Function<Association, ApiAnswer> shape) {
    return send(call, call.path("clusterName"), token, operation, shape);
  }

  private CompletionStage<ApiAnswer> send(
      ApiCall call,
      String cluster,
      @Nullable String token,
      Supplier<Operation> operation,
      Function<Association, ApiAnswer> shape) {
    Optional<Failed> refusal = access.refusal(call, cluster);
    if (refusal.isPresent()) {
      return CompletableFuture.completedFuture(refusal.get());
    }
    AssociationCommand command;
    try {
      command =
          AssociationCommand.of(
              cluster,
              token == null ? uuids.get().toString() : token,
              call.caller().principal(),
              clock.instant(),
              operation.get());
    } catch (IllegalArgumentException e) {
      // A record has refused its values; its message names the field.
      return CompletableFuture.completedFuture(
          new Failed(ApiErrors.INVALID_PARAMETER, String.valueOf(e.getMessage())));
    }
    return commands
        .send(command)
        .thenApply(outcome -> answer(outcome, shape))
        .exceptionally(AssociationWrites::undecided);
  }

  private static ApiAnswer answer(
      AssociationOutcome outcome, Function<Association, ApiAnswer> shape) {
    return switch (outcome.verdict()) {
      case AssociationOutcome.Accepted accepted -> shape.apply(accepted.association());
      case AssociationOutcome.Refused refused -> new Failed(refused.code(), refused.message());
    };
  }

  private static ApiAnswer undecided(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof UndecidedException undecided) {
      return ApiErrors.unavailable(
          "not decided yet ("
              + undecided.getMessage()
              + "): send it again; with the same clientRequestToken it is done once");
    }
    throw new CompletionException(cause);
  }

  private static AssociationSpec spec(JsonObject body) {
    return new AssociationSpec(
        body.getString("namespace"),
        body.getString("serviceAccount"),
        body.getString("roleArn"),
        body.getString("targetRoleArn"),
        body.getBoolean("disableSessionTags", false),
        body.getString("policy"),
        tags(body));
  }

  private static Map<String, String> tags(JsonObject body) {
    Map<String, String> tags = new HashMap<>();
    JsonObject given = body.getJsonObject("tags", new JsonObject());
    given.forEach(tag -> tags.put(tag.getKey(), String.valueOf(tag.getValue())));
    return tags;
  }

  /** Absent for any: the contract lets nothing through but {@code *} and a number in quotes. */
  private static @Nullable Long ifRevision(ApiCall call) {
    String etag = call.header("If-Match");
    return etag == null || etag.equals("*")
        ? null
        : Long.valueOf(etag.substring(1, etag.length() - 1));
  }
}
