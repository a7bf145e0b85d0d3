package io.claviger.broker.identity;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.config.trust.ParsedToken;
import io.claviger.config.trust.TokenKeys;
import io.claviger.config.trust.TokenVerification;
import io.claviger.config.trust.TokenVerification.Rejected;
import io.claviger.config.trust.TokenVerification.Verified;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.RequestPriority;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Verifies pod tokens in three steps. First offline: the claimed issuer selects the cluster, which
 * must be the caller's; its keys, issuer and audience decide. Second, the pod's node must be the
 * caller's too, unless the caller is bound to no node. Last, if the broker may call the cluster's
 * API server, the pod must still exist.
 */
public final class PodTokenVerifier implements TokenVerifier {

  static final String NO_NODE =
      "the token names no node, as before Kubernetes 1.30: let the broker call the cluster's API"
          + " server (kubernetes in the cluster's settings)";

  private static final String OTHER_CLUSTER =
      "the token is of another cluster than the requesting node";
  private static final String OTHER_NODE =
      "the token is bound to another node than the requesting one: a pod may use its token only on"
          + " the node it runs on";

  private final Issuers issuers;
  private final VerifiedTokens remembered;
  private final Map<String, PodChecks> checks;
  private final Map<String, IssuerTokens> byCluster = new HashMap<>();

  /** A verifier that calls no cluster. */
  public PodTokenVerifier(Issuers issuers, int maxRemembered, InstantSource clock, Ticker ticker) {
    this(issuers, Map.of(), maxRemembered, clock, ticker);
  }

  /**
   * A verifier.
   *
   * @param checks by cluster, for the clusters whose API server may be called
   * @param maxRemembered the maximum number of cached tokens
   * @param clock the time for verifying tokens
   * @param ticker measures how long tokens are cached
   */
  public PodTokenVerifier(
      Issuers issuers,
      Map<String, PodChecks> checks,
      int maxRemembered,
      InstantSource clock,
      Ticker ticker) {
    this.issuers = issuers;
    this.checks = Map.copyOf(checks);
    this.remembered = new VerifiedTokens(maxRemembered, clock, ticker);
    for (IssuerKeys keys : issuers.all()) {
      byCluster.put(
          keys.cluster().name(), new IssuerTokens(keys, keys.cluster().audience(), clock));
    }
  }

  @Override
  public CompletionStage<TokenVerification> verify(
      String token, Caller caller, RequestPriority priority) {
    return then(
        offline(token, caller),
        verified ->
            then(withNode(verified, caller), found -> confirmed(token, found, caller, priority)));
  }

  private static CompletionStage<TokenVerification> then(
      CompletionStage<TokenVerification> stage,
      Function<Verified, CompletionStage<TokenVerification>> next) {
    return stage.thenCompose(
        verification ->
            verification instanceof Verified verified
                ? next.apply(verified)
                : CompletableFuture.completedStage(verification));
  }

  private CompletionStage<TokenVerification> offline(String token, Caller caller) {
    Verified known = recall(token);
    if (known != null) {
      return CompletableFuture.completedStage(ofCallersCluster(known, caller));
    }
    ParsedToken parsed = ParsedToken.of(token).orElse(null);
    IssuerKeys issuer = parsed == null ? null : issuers.claimedBy(parsed).orElse(null);
    IssuerTokens tokens = issuer == null ? null : byCluster.get(issuer.cluster().name());
    if (parsed == null || issuer == null || tokens == null) {
      return refused("the token is not a JWT of an issuer that is registered here");
    }
    if (!issuer.cluster().name().equals(caller.cluster())) {
      return refused(OTHER_CLUSTER);
    }
    TokenKeys before = issuer.keys();
    return tokens
        .verify(parsed)
        .thenApply(
            verification -> {
              if (!(verification instanceof Verified verified)) {
                return verification;
              }
              // If the search has just fetched a newer set, the next request verifies the token
              // again.
              remembered.remember(token, verified, before);
              return verified;
            });
  }

  private @Nullable Verified recall(String token) {
    VerifiedTokens.Remembered found = remembered.find(token).orElse(null);
    if (found == null) {
      return null;
    }
    String cluster = found.verification().workload().cluster();
    if (issuers.of(cluster).filter(now -> now.keys() == found.verifiedUnder()).isEmpty()) {
      remembered.forget(token);
      return null;
    }
    return found.verification();
  }

  private static TokenVerification ofCallersCluster(Verified verified, Caller caller) {
    return verified.workload().cluster().equals(caller.cluster())
        ? verified
        : rejected(RefusalReason.INVALID_TOKEN, OTHER_CLUSTER);
  }

  private CompletionStage<TokenVerification> withNode(Verified verified, Caller caller) {
    if (caller.node() == null || verified.workload().node() != null) {
      return CompletableFuture.completedStage(verified);
    }
    PodChecks cluster = checks.get(caller.cluster());
    return cluster == null ? refused(NO_NODE) : cluster.node(verified, caller.node());
  }

  private CompletionStage<TokenVerification> confirmed(
      String token, Verified verified, Caller caller, RequestPriority priority) {
    // The node is unknown only if the operator allows that.
    if (caller.mayNotBring(verified.workload())) {
      return CompletableFuture.completedStage(rejected(RefusalReason.WRONG_NODE, OTHER_NODE));
    }
    PodChecks cluster = checks.get(caller.cluster());
    String audience =
        issuers.of(caller.cluster()).map(issuer -> issuer.cluster().audience()).orElse("");
    return cluster == null
        ? CompletableFuture.completedStage(verified)
        : cluster.review(token, audience, verified, source(verified, caller), priority);
  }

  /**
   * Returns the caller's node. A caller without a node may present tokens of any node. Its requests
   * are charged separately, so they take nothing from the edges of these nodes.
   */
  private static String source(Verified verified, Caller caller) {
    return caller.node() != null ? caller.node() : "of no node: " + verified.workload().node();
  }

  private static CompletionStage<TokenVerification> refused(String message) {
    return CompletableFuture.completedStage(rejected(RefusalReason.INVALID_TOKEN, message));
  }

  private static Rejected rejected(RefusalReason reason, String message) {
    return new Rejected(reason, message);
  }
}
