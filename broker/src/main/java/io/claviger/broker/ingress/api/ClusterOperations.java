package io.claviger.broker.ingress.api;

import io.claviger.broker.association.AssociationIndex.Cursor;
import io.claviger.broker.ingress.api.ApiCommands.Asked;
import io.claviger.broker.ingress.api.PageTokens.Listing;
import io.claviger.schemas.association.AssociationCommand.Bind;
import io.claviger.schemas.association.AssociationOutcome.Bound;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * DescribeCluster and ListClusters, which Terraform's data sources call. A caller sees the
 * registered clusters in which it has a grant. BindCluster is Claviger's extension.
 */
final class ClusterOperations {

  private final NavigableMap<String, ClusterDescription> clusters = new TreeMap<>();
  private final ClusterAccess access;
  private final PageTokens tokens;
  private final ApiCommands commands;

  ClusterOperations(
      List<ClusterDescription> clusters,
      ClusterAccess access,
      PageTokens tokens,
      ApiCommands commands) {
    clusters.forEach(cluster -> this.clusters.put(cluster.name(), cluster));
    this.access = access;
    this.tokens = tokens;
    this.commands = commands;
  }

  CompletionStage<ApiAnswer> describe(ApiCall call) {
    String name = call.path("clusterName");
    ClusterDescription cluster = clusters.get(name);
    return CompletableFuture.completedFuture(
        access
            .refusal(call, name)
            .map(ApiAnswer.class::cast)
            .orElseGet(() -> cluster == null ? ApiErrors.unknownCluster(name) : shape(cluster)));
  }

  CompletionStage<ApiAnswer> bind(ApiCall call) {
    JsonObject body = call.body();
    return commands.send(
        call,
        new Asked(
            call.path("clusterName"),
            body.getString("clientRequestToken"),
            () -> new Bind(body.getString("uid"), true)),
        Bound.class,
        bound -> ApiAnswer.of(new JsonObject().put("uid", bound.clusterUid())));
  }

  CompletionStage<ApiAnswer> list(ApiCall call) {
    Listing listing = Listing.ofClusters(call.caller().principal());
    return CompletableFuture.completedFuture(
        tokens
            .from(listing, call.query("nextToken"))
            .<ApiAnswer>map(after -> page(call, listing, after))
            .orElseGet(ApiErrors::unknownPage));
  }

  private ApiAnswer page(ApiCall call, Listing listing, Cursor after) {
    int limit = call.number("maxResults", PageTokens.MAX_RESULTS);
    List<String> more =
        clusters.tailMap(after.namespace(), false).keySet().stream()
            .filter(name -> access.refusal(call, name).isEmpty())
            // One more than the page holds shows whether there is another page.
            .limit(limit + 1L)
            .toList();
    return more.size() <= limit
        ? names(more, null)
        : names(more.subList(0, limit), tokens.after(listing, new Cursor(more.get(limit - 1), "")));
  }

  private static ApiAnswer names(List<String> names, @Nullable String nextToken) {
    return ApiAnswer.of(
        new JsonObject().put("clusters", new JsonArray(names)).put("nextToken", nextToken));
  }

  /** A registration has no date, but Terraform's provider needs one that stays equal. */
  private static ApiAnswer shape(ClusterDescription cluster) {
    return ApiAnswer.of(
        new JsonObject()
            .put(
                "cluster",
                new JsonObject()
                    .put("name", cluster.name())
                    .put("arn", cluster.arn())
                    .put("createdAt", 0)
                    .put(
                        "endpoint",
                        Optional.ofNullable(cluster.endpoint()).map(URI::toString).orElse(null))
                    .put(
                        "identity",
                        new JsonObject()
                            .put("oidc", new JsonObject().put("issuer", cluster.issuer())))
                    .put("status", "ACTIVE")
                    .put("tags", new JsonObject())));
  }
}
