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

/** Checks callers' grants in a cluster. For writes, the log's writer checks them again. */
final class ClusterAccess {

  private final AssociationArns arns;
  private final Supplier<Grants> grants;

  ClusterAccess(AssociationArns arns, Supplier<Grants> grants) {
    this.arns = arns;
    this.grants = grants;
  }

  /** Returns why a caller has no access to a cluster at all; empty if it has. */
  Optional<Failed> refusal(ApiCall call, String cluster) {
    return arns.isRegistered(cluster)
        ? grants.get().missing(principal(call), cluster).map(ApiErrors::notGranted)
        : Optional.of(ApiErrors.unknownCluster(cluster));
  }

  /** Returns why a caller may not see an association; empty if it may. */
  Optional<Failed> refusal(ApiCall call, Association association) {
    return grants
        .get()
        .missing(principal(call), association.cluster(), association.spec().namespace())
        .map(ApiErrors::notGranted);
  }

  /**
   * Answers a caller that has a grant in the cluster, once this broker's table has caught up with
   * the log. So the answer includes all changes that any broker has acknowledged.
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

  /** Returns the namespaces that a caller may see with the current grants. */
  Predicate<String> visible(ApiCall call, String cluster) {
    Grants now = grants.get();
    return namespace -> now.covers(principal(call), cluster, namespace);
  }

  private static String principal(ApiCall call) {
    return call.caller().principal();
  }
}
