package io.claviger.broker.identity;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.config.trust.TokenKeys;
import io.claviger.config.trust.TokenVerdict;
import io.claviger.config.trust.TokenVerdict.Rejected;
import io.claviger.config.trust.TokenVerdict.Verified;
import io.claviger.schemas.bus.RefusalReason;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Verifies pod tokens offline: the claimed issuer selects the cluster, which has to be the
 * caller's; its keys, issuer and audience decide; the node that the token is bound to has to be the
 * caller's too, unless the caller is bound to none.
 */
public final class PodTokenVerifier implements TokenVerifier {

  private final Issuers issuers;
  private final VerifiedTokens remembered;
  private final Map<String, IssuerTokens> byCluster = new HashMap<>();

  /**
   * A verifier.
   *
   * @param maxRemembered verified tokens that are remembered at most
   * @param clock the time that tokens are verified at
   * @param ticker measures how long tokens are remembered
   */
  public PodTokenVerifier(Issuers issuers, int maxRemembered, InstantSource clock, Ticker ticker) {
    this.issuers = issuers;
    this.remembered = new VerifiedTokens(maxRemembered, clock, ticker);
    for (IssuerKeys keys : issuers.all()) {
      byCluster.put(
          keys.cluster().name(), new IssuerTokens(keys, keys.cluster().audience(), clock));
    }
  }

  @Override
  public CompletionStage<TokenVerdict> verify(String token, Caller caller) {
    Verified known = recall(token);
    if (known != null) {
      return CompletableFuture.completedStage(forCaller(known, caller));
    }
    IssuerKeys issuer = issuers.claimedBy(token).orElse(null);
    IssuerTokens tokens = issuer == null ? null : byCluster.get(issuer.cluster().name());
    if (issuer == null || tokens == null) {
      return refused("the token is not a JWT of an issuer that is registered here");
    }
    if (!issuer.cluster().name().equals(caller.cluster())) {
      return refused("the token is of another cluster than the node that asks");
    }
    TokenKeys before = issuer.keys();
    return tokens
        .verify(token)
        .thenApply(
            verdict -> {
              if (!(verdict instanceof Verified verified)) {
                return verdict;
              }
              // Where the search has just brought a newer set, the next request verifies once more.
              remembered.remember(token, verified, before);
              return forCaller(verified, caller);
            });
  }

  private @Nullable Verified recall(String token) {
    VerifiedTokens.Remembered found = remembered.find(token).orElse(null);
    if (found == null) {
      return null;
    }
    String cluster = found.verdict().workload().cluster();
    if (issuers.of(cluster).filter(now -> now.keys() == found.verifiedUnder()).isEmpty()) {
      remembered.forget(token);
      return null;
    }
    return found.verdict();
  }

  private static TokenVerdict forCaller(Verified verified, Caller caller) {
    if (!verified.workload().cluster().equals(caller.cluster())) {
      return rejected(
          RefusalReason.INVALID_TOKEN, "the token is of another cluster than the node that asks");
    }
    if (caller.node() == null) {
      return verified;
    }
    String node = verified.workload().node();
    if (node == null) {
      return rejected(
          RefusalReason.INVALID_TOKEN,
          "the token names no node: the cluster has to run Kubernetes 1.30 or later");
    }
    if (!node.equals(caller.node())) {
      return rejected(
          RefusalReason.WRONG_NODE,
          "the token is bound to another node than the one that asks: a pod may use its own token"
              + " only, on the node it runs on");
    }
    return verified;
  }

  private static CompletionStage<TokenVerdict> refused(String message) {
    return CompletableFuture.completedStage(rejected(RefusalReason.INVALID_TOKEN, message));
  }

  private static Rejected rejected(RefusalReason reason, String message) {
    return new Rejected(reason, message);
  }
}
