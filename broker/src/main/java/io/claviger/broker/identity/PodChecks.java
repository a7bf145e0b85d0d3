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
 * What one cluster is asked about pods and their tokens: where the pod of a token runs that does
 * not say so, and whether a pod is still there. Thread-safe.
 */
public final class PodChecks {

  /** How long a request waits for the cluster's answer. */
  private static final Duration ANSWER_TIMEOUT = Duration.ofMillis(150);

  /**
   * A session is renewed every half hour, with a token that was seen long ago: its pod may have
   * been deleted since, so the cluster is asked again. Not within a minute: that is the same
   * renewal, tried once more.
   */
  static final Duration RENEWAL = Duration.ofSeconds(60);

  /**
   * A pod that is not among those that are known is asked about anew, once a second: it is so new
   * that nobody has told of it yet, or gone.
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
   * @param reviews its word on a token
   * @param nodes its word on a pod's node
   * @param pods those that it has told of
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
   * A pod's token with its node; without one only where that is allowed. Never fails.
   *
   * @param source who is charged with the request
   */
  CompletionStage<TokenVerification> node(Verified verified, String source) {
    return node(verified, source, withoutNodeAllowed);
  }

  /** The same, without exception. */
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
   * The same when the token's pod is still there, as far as the policy asks.
   *
   * @param source who is charged with the request
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
   * Whether a pod is an object of the cluster; one that ends still is. Never fails.
   *
   * @param source who is charged with the request
   * @param surely whether the cluster is asked about it while not all pods are known; one that is
   *     not among all that are known is asked about in any case
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

  /** Until the watch has told of a pod nobody hears from it that the pod is gone: asked again. */
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

  /** When a pod is believed to be there without the cluster's word. */
  public PodPolicy policy() {
    return policy;
  }

  /** What is known of a pod. */
  public enum Presence {
    /** It is an object of the cluster. */
    THERE,
    /** It is not any more. */
    GONE,
    /** The cluster cannot be asked now, or need not be. */
    UNKNOWN,
    /** Too many are asked about for the cluster to be asked about this one. */
    NOT_ASKED
  }

  /**
   * How a cluster is asked.
   *
   * @param cluster its registered name
   * @param policy when a token is believed without its word
   * @param perSecond requests of each kind
   * @param withoutNodeAllowed whether a token that names no node is taken from any of its cluster's
   *     edges while the cluster cannot be asked
   */
  public record Rules(String cluster, PodPolicy policy, int perSecond, boolean withoutNodeAllowed) {

    public Rules {
      if (perSecond < 1) {
        throw new IllegalArgumentException(
            "cluster " + cluster + ": reviews a second are at least 1, not " + perSecond);
      }
    }
  }
}
