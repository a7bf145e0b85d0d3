package io.claviger.broker.identity;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.telemetry.TokenMeters;
import io.claviger.config.trust.TokenVerification;
import io.claviger.config.trust.TokenVerification.Verified;
import io.claviger.schemas.bus.PodPolicy;
import io.claviger.schemas.bus.RequestPriority;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The checks of one cluster's pods and tokens with its API server. They find the node of a pod
 * whose token names none, and whether a pod still exists. Thread-safe.
 */
public final class PodChecks {

  /** How long a request waits for the cluster's response. */
  private static final Duration ANSWER_TIMEOUT = Duration.ofMillis(150);

  /**
   * A session is renewed every half hour with a token that was verified long ago. Its pod may have
   * been deleted since, so the check is repeated. A check less than a minute old is reused: the
   * request is then a retry of the same renewal.
   */
  static final Duration RENEWAL = Duration.ofSeconds(60);

  /**
   * A pod that is not known is checked again once a second. It is either deleted, or too new to be
   * reported yet.
   */
  private static final Duration NEW = Duration.ofSeconds(1);

  private static final int REMEMBERED = 100_000;

  private final PodReviews reviews;
  private final PodNodeCache nodes;
  private final KnownPods pods;
  private final PodPolicy policy;
  private final boolean withoutNodeAllowed;

  /**
   * Checks of one cluster's tokens.
   *
   * @param reviews the cluster's token reviews
   * @param nodes the cluster's pod nodes
   * @param pods the pods that its watch has reported
   */
  public PodChecks(
      Rules rules,
      TokenReviews reviews,
      PodNodes nodes,
      KnownPods pods,
      Timers timers,
      Ticker ticker,
      TokenMeters meters) {
    AnswerTimeout timeout = new AnswerTimeout(ANSWER_TIMEOUT, timers);
    this.policy = rules.policy();
    this.pods = pods;
    this.withoutNodeAllowed = rules.withoutNodeAllowed();
    this.reviews = new PodReviews(rules, reviews, REMEMBERED, timeout, ticker, meters);
    this.nodes = new PodNodeCache(rules, nodes, REMEMBERED, timeout, ticker, meters);
  }

  /**
   * Returns a pod's token with its node. Returns it without a node only if that is allowed. Never
   * fails.
   *
   * @param source the source that is charged with the request
   */
  CompletionStage<TokenVerification> node(Verified verified, String source) {
    return node(verified, source, withoutNodeAllowed);
  }

  /** As {@link #node(Verified, String)}, but always requires a node. */
  CompletionStage<TokenVerification> nodeSurely(Verified verified, String source) {
    return node(verified, source, false);
  }

  private CompletionStage<TokenVerification> node(
      Verified verified, String source, boolean mayHaveNoNode) {
    return verified.workload().node() == null
        ? nodes.node(verified, source, mayHaveNoNode)
        : CompletableFuture.completedStage(verified);
  }

  /**
   * Returns the token if its pod still exists, as far as the policy requires that.
   *
   * @param source the source that is charged with the request
   */
  CompletionStage<TokenVerification> review(
      String token, String audience, Verified verified, String source, RequestPriority priority) {
    Duration oldest = priority == RequestPriority.FIRST ? VerifiedTokens.LONGEST : RENEWAL;
    return presence(PodNodes.Pod.of(verified.workload()), source, false)
        .thenCompose(
            presence ->
                presence == Presence.GONE
                    ? CompletableFuture.completedStage(PodReviews.GONE)
                    : reviews
                        .obstacle(token, audience, source, oldest)
                        .thenApply(obstacle -> obstacle.orElse(verified)));
  }

  /**
   * Checks whether a pod is an object of the cluster. A terminating pod still is. Never fails.
   *
   * @param source the source that is charged with the request
   * @param surely whether to check with the cluster even while not all pods are known. If all are
   *     known, an unknown pod is always checked
   */
  public CompletionStage<Presence> presence(PodNodes.Pod pod, String source, boolean surely) {
    UUID uid = KnownPods.uid(pod.uid());
    if (policy == PodPolicy.OFF) {
      return CompletableFuture.completedStage(Presence.THERE);
    }
    boolean complete = pods.complete();
    if (complete && pods.has(uid)) {
      return CompletableFuture.completedStage(Presence.THERE);
    }
    if (pods.isGone(uid)) {
      return CompletableFuture.completedStage(Presence.GONE);
    }
    if (surely) {
      return nodes.find(pod, source, NEW).thenApply(PodChecks::presence);
    }
    return complete
        ? nodes.find(pod, source, NEW).thenApply(PodChecks::unlessGone)
        : CompletableFuture.completedStage(Presence.UNKNOWN);
  }

  /**
   * Before the watch has reported a pod, it cannot report its deletion either. The pod therefore
   * counts as unknown and is checked again.
   */
  private static Presence unlessGone(PodNodes.NodeLookup lookup) {
    return presence(lookup) == Presence.GONE ? Presence.GONE : Presence.UNKNOWN;
  }

  private static Presence presence(PodNodes.NodeLookup lookup) {
    return switch (lookup) {
      case PodNodes.NodeLookup.On on -> Presence.THERE;
      case PodNodes.NodeLookup.Gone gone -> Presence.GONE;
      case PodNodes.NodeLookup.Away away -> Presence.UNKNOWN;
      case PodNodes.NodeLookup.NotAsked notAsked -> Presence.NOT_ASKED;
    };
  }

  /** When a pod may be treated as existing without a check with the cluster. */
  public PodPolicy policy() {
    return policy;
  }

  /** What is known of a pod. */
  public enum Presence {
    /** The pod is an object of the cluster. */
    THERE,
    /** The pod no longer exists. */
    GONE,
    /** The cluster cannot be reached now, or need not be called. */
    UNKNOWN,
    /** The rate limit does not allow a check of this pod now. */
    NOT_ASKED
  }

  /**
   * How a cluster's API server is called.
   *
   * @param cluster its registered name
   * @param policy when a token is accepted without a check with the cluster
   * @param perSecond requests of each kind
   * @param withoutNodeAllowed whether a token without a node is accepted from any of its cluster's
   *     edges while the cluster cannot be reached
   */
  public record Rules(String cluster, PodPolicy policy, int perSecond, boolean withoutNodeAllowed) {

    public Rules {
      if (perSecond < 1) {
        throw new IllegalArgumentException(
            "cluster " + cluster + ": reviews a second must be at least 1, not " + perSecond);
      }
    }
  }
}
