package io.claviger.broker.ingress.api;

import io.claviger.broker.association.AssociationCatalog;
import io.claviger.broker.association.Grants;
import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import io.claviger.schemas.association.Association;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Who may come near which cluster's associations. Writes are decided by the log's writer too. */
final class ClusterAccess {

  private final AssociationArns arns;
  private final Supplier<Grants> grants;

  ClusterAccess(AssociationArns arns, Supplier<Grants> grants) {
    this.arns = arns;
    this.grants = grants;
  }

  /** Why a caller has no business with a cluster at all. */
  Optional<Failed> refusal(ApiCall call, String cluster) {
    return arns.isRegistered(cluster)
        ? grants.get().missing(principal(call), cluster).map(ApiErrors::notGranted)
        : Optional.of(ApiErrors.unknownCluster(cluster));
  }

  /** Why a caller may not see an association. */
  Optional<Failed> refusal(ApiCall call, Association association) {
    return grants
        .get()
        .missing(principal(call), association.cluster(), association.spec().namespace())
        .map(ApiErrors::notGranted);
  }

  /**
   * The answer to a caller that has some grant in the cluster, once this broker's table is as new
   * as the log: what any broker has answered is seen.
   */
  CompletionStage<ApiAnswer> read(
      ApiCall call, String cluster, AssociationCatalog catalog, Supplier<ApiAnswer> answer) {
    Optional<Failed> refusal = refusal(call, cluster);
    return refusal.isPresent()
        ? CompletableFuture.completedFuture(refusal.get())
        : catalog
            .caughtUp(cluster)
            .thenApply(caughtUp -> caughtUp ? answer.get() : ApiErrors.behind());
  }

  /** The namespaces that a caller may see, as grants are now. */
  Predicate<String> visible(ApiCall call, String cluster) {
    Grants now = grants.get();
    return namespace -> now.covers(principal(call), cluster, namespace);
  }

  private static String principal(ApiCall call) {
    return call.caller().principal();
  }
}
