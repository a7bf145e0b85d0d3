package io.claviger.broker.ingress.api;

import io.claviger.broker.association.AssociationCatalog;
import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Answers from this broker's table once it is as new as the log: what any broker has answered is
 * seen.
 */
record ReadYourWrites(ClusterAccess access, AssociationCatalog catalog) {

  /** The answer, for callers that have some grant in the cluster. */
  CompletionStage<ApiAnswer> read(ApiCall call, String cluster, Supplier<ApiAnswer> answer) {
    Optional<Failed> refusal = access.refusal(call, cluster);
    if (refusal.isPresent()) {
      return CompletableFuture.completedFuture(refusal.get());
    }
    return catalog
        .caughtUp(cluster)
        .thenApply(
            caughtUp ->
                caughtUp
                    ? answer.get()
                    : ApiErrors.unavailable(
                        "this broker has not caught up with the log yet: ask again"));
  }
}
