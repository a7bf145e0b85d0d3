package io.claviger.broker.ingress.api;

import io.claviger.broker.association.AssociationCatalog;
import io.claviger.broker.ingress.api.ApiCommands.Asked;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome.Settled;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.association.RevokedSubject.Kind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The operations on revocations: Claviger's extension to EKS. */
final class RevocationOperations {

  private static final String CLUSTER = "clusterName";
  private static final String KIND = "kind";
  private static final String NAME = "name";

  private final ClusterAccess access;
  private final AssociationCatalog catalog;
  private final ApiCommands commands;

  RevocationOperations(ClusterAccess access, AssociationCatalog catalog, ApiCommands commands) {
    this.access = access;
    this.catalog = catalog;
    this.commands = commands;
  }

  CompletionStage<ApiAnswer> list(ApiCall call) {
    String cluster = call.path(CLUSTER);
    return access.read(
        call,
        cluster,
        catalog,
        () ->
            ApiAnswer.of(
                new JsonObject()
                    .put(
                        "revocations",
                        new JsonArray(
                            catalog.revocations(cluster).stream()
                                .map(RevocationOperations::shape)
                                .toList()))));
  }

  CompletionStage<ApiAnswer> create(ApiCall call) {
    JsonObject body = call.body();
    return commands.send(
        call,
        new Asked(
            call.path(CLUSTER),
            body.getString("clientRequestToken"),
            () ->
                new AssociationCommand.Revoke(subject(body.getString(KIND), body.getString(NAME)))),
        Settled.class,
        RevocationOperations::one);
  }

  CompletionStage<ApiAnswer> delete(ApiCall call) {
    return commands.send(
        call,
        new Asked(
            call.path(CLUSTER),
            null,
            () -> new AssociationCommand.Restore(subject(call.query(KIND), call.query(NAME)))),
        Settled.class,
        RevocationOperations::one);
  }

  private static RevokedSubject subject(@Nullable String kind, @Nullable String name) {
    // The contract allows only these kinds.
    Kind known =
        Arrays.stream(Kind.values())
            .filter(one -> one.text().equals(kind))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("kind: " + kind));
    return new RevokedSubject(known, Objects.requireNonNull(name, NAME));
  }

  private static ApiAnswer one(Settled settled) {
    return ApiAnswer.of(new JsonObject().put("revocation", shape(settled.revocation())));
  }

  private static JsonObject shape(Revocation revocation) {
    return new JsonObject()
        .put(KIND, revocation.subject().kind().text())
        .put(NAME, revocation.subject().name())
        .put("since", AssociationShapes.timestamp(revocation.since()))
        .put("actor", revocation.actor());
  }
}
