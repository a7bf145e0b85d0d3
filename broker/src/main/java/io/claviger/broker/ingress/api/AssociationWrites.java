package io.claviger.broker.ingress.api;

import io.claviger.broker.ingress.api.ApiCommands.Asked;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationCommand.Operation;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.AssociationSpec;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The write operations. Each becomes a command to the log's writer. */
final class AssociationWrites {

  private static final String TOKEN = "clientRequestToken";

  private final AssociationArns arns;
  private final AssociationShapes shapes;
  private final ApiCommands commands;

  AssociationWrites(AssociationArns arns, AssociationShapes shapes, ApiCommands commands) {
    this.arns = arns;
    this.shapes = shapes;
    this.commands = commands;
  }

  CompletionStage<ApiAnswer> create(ApiCall call) {
    JsonObject body = call.body();
    return send(call, body.getString(TOKEN), () -> new AssociationCommand.Create(spec(body)));
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
                ifRevision(call)));
  }

  CompletionStage<ApiAnswer> delete(ApiCall call) {
    return send(
        call,
        null,
        () -> new AssociationCommand.Delete(call.path("associationId"), ifRevision(call)));
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
                commands.send(
                    call,
                    new Asked(named.cluster(), null, () -> operation.apply(named.id())),
                    Accepted.class,
                    done -> ApiAnswer.empty()))
        .orElseGet(() -> CompletableFuture.completedFuture(ApiErrors.unknownArn(arn)));
  }

  private CompletionStage<ApiAnswer> send(
      ApiCall call, @Nullable String token, Supplier<Operation> operation) {
    return commands.send(
        call,
        new Asked(call.path("clusterName"), token, operation),
        Accepted.class,
        accepted -> shapes.one(accepted.association()));
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

  /** Null matches any revision. The contract allows only {@code *} and a number in quotes. */
  private static @Nullable Long ifRevision(ApiCall call) {
    String etag = call.header("If-Match");
    return etag == null || etag.equals("*")
        ? null
        : Long.valueOf(etag.substring(1, etag.length() - 1));
  }
}
