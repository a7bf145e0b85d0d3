package io.claviger.broker.identity;

import io.claviger.config.trust.ParsedToken;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates edges by their own service-account tokens. The token must be of a registered
 * issuer, made for brokers, of a registered edge service account, and bound to a node. Its pod must
 * still exist, if the broker may check that with the cluster. The edge serves the node that its
 * token is bound to.
 */
public final class EdgeLogins {

  private final Issuers issuers;
  private final Map<String, PodChecks> checks;
  private final Map<String, IssuerTokens> byCluster = new HashMap<>();

  /**
   * Authenticates the edges of every registered cluster, at the clock's time.
   *
   * @param checks by cluster, for the clusters whose API server may be called
   */
  public EdgeLogins(Issuers issuers, Map<String, PodChecks> checks, InstantSource clock) {
    this.issuers = issuers;
    this.checks = Map.copyOf(checks);
    for (IssuerKeys keys : issuers.all()) {
      byCluster.put(
          keys.cluster().name(), new IssuerTokens(keys, keys.cluster().edgeAudience(), clock));
    }
  }

  /**
   * Verifies an edge's own token. Never fails.
   *
   * @param signed called once the token is known to be an edge's, before the check with the cluster
   *     that the edge's pod still exists
   */
  public CompletionStage<EdgeLogin> login(String token, Runnable signed) {
    ParsedToken parsed = ParsedToken.of(token).orElse(null);
    IssuerKeys issuer = parsed == null ? null : issuers.claimedBy(parsed).orElse(null);
    IssuerTokens tokens = issuer == null ? null : byCluster.get(issuer.cluster().name());
    if (parsed == null || issuer == null || tokens == null) {
      return CompletableFuture.completedStage(
          new EdgeLogin.Rejected("the token is not a JWT of an issuer that is registered here"));
    }
    return tokens
        .verify(parsed)
        .thenCompose(verification -> decide(issuer.cluster(), token, verification, signed));
  }

  private CompletionStage<EdgeLogin> decide(
      RegisteredCluster cluster, String token, TokenVerification verification, Runnable signed) {
    if (!(verification instanceof TokenVerification.Verified verified)) {
      return CompletableFuture.completedStage(decided(cluster, verification));
    }
    WorkloadIdentity edge = verified.workload();
    String serviceAccount = edge.namespace() + "/" + edge.serviceAccount();
    if (!cluster.edgeServiceAccounts().contains(serviceAccount)) {
      return CompletableFuture.completedStage(
          new EdgeLogin.Rejected(
              "service account "
                  + serviceAccount
                  + " is not registered for edges of this cluster"));
    }
    signed.run();
    return confirm(cluster, token, verified).thenApply(confirmed -> decided(cluster, confirmed));
  }

  private CompletionStage<TokenVerification> confirm(
      RegisteredCluster cluster, String token, TokenVerification.Verified verified) {
    PodChecks asked = checks.get(cluster.name());
    // Only the cluster issues edge tokens, so each edge is charged separately.
    String edge = verified.workload().podUid();
    return asked == null
        ? CompletableFuture.completedStage(verified)
        : asked
            .nodeSurely(verified, edge)
            .thenCompose(
                withNode ->
                    withNode instanceof TokenVerification.Verified found
                        ? asked.review(
                            token, cluster.edgeAudience(), found, edge, RequestPriority.ROUTINE)
                        : CompletableFuture.completedStage(withNode));
  }

  private static EdgeLogin decided(RegisteredCluster cluster, TokenVerification verification) {
    return switch (verification) {
      case TokenVerification.Rejected rejected -> new EdgeLogin.Rejected(rejected.message());
      case TokenVerification.UnknownKey unknown ->
          new EdgeLogin.Rejected("keys of the issuer cannot be fetched now");
      case TokenVerification.Unconfirmed(var message) -> new EdgeLogin.Rejected(message);
      case TokenVerification.Verified verified -> {
        String node = verified.workload().node();
        yield node == null
            ? new EdgeLogin.Rejected(PodTokenVerifier.NO_NODE)
            : new EdgeLogin.Accepted(
                cluster.name(), node, verified.workload().nodeUid(), verified.expiresAt());
      }
    };
  }

  /** The result of a login. */
  public sealed interface EdgeLogin {

    /**
     * The edge may connect.
     *
     * @param cluster the registered name of its cluster
     * @param node the node it serves
     * @param nodeUid that node's uid; absent if its token has none
     * @param expiresAt when its token expires
     */
    record Accepted(String cluster, String node, @Nullable String nodeUid, Instant expiresAt)
        implements EdgeLogin {}

    /**
     * The edge may not connect.
     *
     * @param message for a person: what is wrong and what to do; nothing secret
     */
    record Rejected(String message) implements EdgeLogin {}
  }
}
