package io.claviger.broker.ingress.api;

import io.claviger.broker.association.AssociationWatch.Scope;
import io.claviger.broker.association.AssociationWatches;
import io.claviger.broker.association.AssociationWatches.Start;
import io.claviger.broker.association.Grants;
import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import io.claviger.broker.ingress.api.ApiAnswer.Watching;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The watch of associations: Claviger's extension to ListPodIdentityAssociations. */
final class AssociationWatching {

  private final ClusterAccess access;
  private final Supplier<Grants> grants;
  private final AssociationWatches watches;
  private final WatchEvents events;

  AssociationWatching(
      ClusterAccess access,
      Supplier<Grants> grants,
      AssociationWatches watches,
      WatchEvents events) {
    this.access = access;
    this.grants = grants;
    this.watches = watches;
    this.events = events;
  }

  CompletionStage<ApiAnswer> watch(ApiCall call) {
    String cluster = call.path("clusterName");
    Optional<Failed> refusal = access.refusal(call, cluster).or(() -> paged(call));
    if (refusal.isPresent()) {
      return CompletableFuture.completedFuture(refusal.get());
    }
    Scope scope = new Scope(cluster, call.query("namespace"), call.query("serviceAccount"));
    return watches
        .begin(scope, Optional.ofNullable(call.header("Last-Event-ID")).map(WatchEvents::position))
        .thenApply(start -> answer(call, cluster, start));
  }

  private static Optional<Failed> paged(ApiCall call) {
    return call.has("maxResults") || call.has("nextToken")
        ? Optional.of(
            ApiErrors.invalid("watch", "remove maxResults and nextToken: it has no pages"))
        : Optional.empty();
  }

  private ApiAnswer answer(ApiCall call, String cluster, Start start) {
    return switch (start) {
      case Start.Begun begun ->
          new Watching(
              begun.watch(),
              events,
              new WatchAccess(call.caller().principal(), cluster, grants, call.keyStands()));
      case Start.Expired expired ->
          new Failed(
              ApiErrors.EXPIRED,
              "this broker no longer has the changes since Last-Event-ID: watch again from the"
                  + " beginning, without it");
      case Start.Behind behind -> ApiErrors.behind();
    };
  }
}
