package io.claviger.broker.ingress.api;

import io.claviger.broker.association.AssociationCatalog;
import io.claviger.broker.association.AssociationCatalog.Query;
import io.claviger.broker.association.AssociationIndex.Cursor;
import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import io.claviger.broker.ingress.api.PageTokens.Listing;
import io.claviger.schemas.association.Association;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The read operations. Each waits until this broker's table has caught up with the log, so that it
 * sees all changes that any broker has acknowledged.
 */
final class AssociationReads {

  private final ClusterAccess access;
  private final AssociationCatalog catalog;
  private final AssociationArns arns;
  private final AssociationShapes shapes;
  private final PageTokens tokens;

  AssociationReads(
      ClusterAccess access,
      AssociationCatalog catalog,
      AssociationArns arns,
      AssociationShapes shapes,
      PageTokens tokens) {
    this.access = access;
    this.catalog = catalog;
    this.arns = arns;
    this.shapes = shapes;
    this.tokens = tokens;
  }

  CompletionStage<ApiAnswer> describe(ApiCall call) {
    String cluster = call.path("clusterName");
    String id = call.path("associationId");
    return access.read(
        call,
        cluster,
        catalog,
        () -> found(call, cluster, id, ApiErrors.unknownAssociation(id), shapes::one));
  }

  CompletionStage<ApiAnswer> tags(ApiCall call) {
    String arn = call.path("resourceArn");
    Failed unknown = ApiErrors.unknownArn(arn);
    return arns.parse(arn)
        .map(
            named ->
                access.read(
                    call,
                    named.cluster(),
                    catalog,
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
    return access.read(call, listing.cluster(), catalog, () -> page(call, listing));
  }

  private ApiAnswer page(ApiCall call, Listing listing) {
    Optional<Cursor> after = tokens.from(listing, call.query("nextToken"));
    if (after.isEmpty()) {
      return ApiErrors.unknownPage();
    }
    int limit = call.number("maxResults", PageTokens.MAX_RESULTS);
    List<Association> more =
        catalog.page(
            listing.cluster(),
            new Query(
                listing.namespace(),
                listing.serviceAccount(),
                after.get(),
                access.visible(call, listing.cluster()),
                // One more than the page holds shows whether there is another page.
                limit + 1));
    if (more.size() <= limit) {
      return shapes.page(more, null);
    }
    List<Association> page = more.subList(0, limit);
    return shapes.page(page, tokens.after(listing, Cursor.of(page.getLast())));
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
            .map(ApiAnswer.class::cast)
            .orElseGet(() -> shape.apply(found.get()));
  }
}
