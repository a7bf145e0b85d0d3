package io.claviger.broker.ingress.api;

import io.claviger.broker.association.AssociationCatalog;
import io.claviger.broker.association.AssociationCatalog.Query;
import io.claviger.broker.association.AssociationIndex.Place;
import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import io.claviger.broker.ingress.api.PageTokens.Listing;
import io.claviger.schemas.association.Association;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The operations that change nothing. Each waits until this broker's table is as new as the log:
 * what any broker has answered is seen.
 */
final class AssociationReads {

  private static final int MAX_RESULTS = 100;

  private final ClusterAccess access;
  private final AssociationArns arns;
  private final AssociationShapes shapes;
  private final AssociationCatalog catalog;
  private final PageTokens tokens;

  AssociationReads(
      ClusterAccess access,
      AssociationArns arns,
      AssociationShapes shapes,
      AssociationCatalog catalog,
      PageTokens tokens) {
    this.access = access;
    this.arns = arns;
    this.shapes = shapes;
    this.catalog = catalog;
    this.tokens = tokens;
  }

  CompletionStage<ApiAnswer> describe(ApiCall call) {
    String cluster = call.path("clusterName");
    String id = call.path("associationId");
    return settled(
        call,
        cluster,
        () -> found(call, cluster, id, ApiErrors.unknownAssociation(id), shapes::one));
  }

  CompletionStage<ApiAnswer> tags(ApiCall call) {
    String arn = call.path("resourceArn");
    Failed unknown = ApiErrors.unknownArn(arn);
    return arns.parse(arn)
        .map(
            named ->
                settled(
                    call,
                    named.cluster(),
                    () ->
                        found(call, named.cluster(), named.id(), unknown, AssociationShapes::tags)))
        .orElseGet(() -> CompletableFuture.completedFuture(unknown));
  }

  CompletionStage<ApiAnswer> list(ApiCall call) {
    Listing listing =
        new Listing(
            call.caller().principal(),
            call.path("clusterName"),
            call.query("namespace"),
            call.query("serviceAccount"));
    return settled(call, listing.cluster(), () -> page(call, listing));
  }

  private ApiAnswer page(ApiCall call, Listing listing) {
    String token = call.query("nextToken");
    Optional<Place> after = token == null ? Optional.of(Place.START) : tokens.open(listing, token);
    if (after.isEmpty()) {
      return ApiErrors.invalid(
          "nextToken", "has ended, or is not of this list: list again from the beginning");
    }
    int limit = call.number("maxResults", MAX_RESULTS);
    List<Association> more =
        catalog.page(
            listing.cluster(),
            new Query(
                listing.namespace(),
                listing.serviceAccount(),
                after.get(),
                access.visible(call, listing.cluster()),
                // One more than is shown says whether there is another page.
                limit + 1));
    if (more.size() <= limit) {
      return shapes.page(more, null);
    }
    List<Association> page = more.subList(0, limit);
    return shapes.page(page, tokens.after(listing, Place.of(page.getLast())));
  }

  private ApiAnswer found(
      ApiCall call,
      String cluster,
      String id,
      Failed unknown,
      Function<Association, ApiAnswer> shape) {
    Optional<Association> found = catalog.find(cluster, id);
    return found.isEmpty()
        ? unknown
        : access
            .refusal(call, found.get())
            .<ApiAnswer>map(refused -> refused)
            .orElseGet(() -> shape.apply(found.get()));
  }

  private CompletionStage<ApiAnswer> settled(
      ApiCall call, String cluster, Supplier<ApiAnswer> answer) {
    Optional<Failed> refusal = access.refusal(call, cluster);
    if (refusal.isPresent()) {
      return CompletableFuture.completedFuture(refusal.get());
    }
    return catalog
        .settled(cluster)
        .thenApply(
            settled ->
                settled
                    ? answer.get()
                    : ApiErrors.unavailable(
                        "this broker has not caught up with the log yet: ask again"));
  }
}
