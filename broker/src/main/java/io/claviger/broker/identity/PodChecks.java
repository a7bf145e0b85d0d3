package io.claviger.broker.identity;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.telemetry.TokenMeters;
import io.claviger.config.trust.TokenVerdict;
import io.claviger.config.trust.TokenVerdict.Verified;
import io.claviger.schemas.bus.Lane;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * What one cluster is asked about pods and their tokens: where the pod of a token runs that does
 * not say so, and whether a pod is still there. Thread-safe.
 */
public final class PodChecks {

  /** How long a request waits for the cluster's word: 150 ms. */
  public static final Duration BUDGET = Duration.ofMillis(150);

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
  private final PodPlaces places;
  private final KnownPods pods;
  private final ReviewPolicy policy;
  private final boolean unplacedAllowed;

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
    Budget budget = new Budget(BUDGET, timers);
    this.policy = rules.policy();
    this.pods = pods;
    this.unplacedAllowed = rules.unplacedAllowed();
    this.reviews =
        new PodReviews(
            rules.cluster(),
            reviews,
            rules.policy(),
            rules.perSecond(),
            REMEMBERED,
            budget,
            ticker,
            meters);
    this.places =
        new PodPlaces(
            rules.cluster(), nodes, rules.perSecond(), REMEMBERED, budget, ticker, meters);
  }

  /**
   * A pod's token with its node; without one only where that is allowed. Never fails.
   *
   * @param source who is charged with the question
   */
  CompletionStage<TokenVerdict> place(Verified verified, String source) {
    return place(verified, source, unplacedAllowed);
  }

  /** The same, without exception. */
  CompletionStage<TokenVerdict> placeSurely(Verified verified, String source) {
    return place(verified, source, false);
  }

  private CompletionStage<TokenVerdict> place(
      Verified verified, String source, boolean mayStayUnplaced) {
    return verified.workload().node() == null
        ? places.place(verified, source, mayStayUnplaced)
        : Budget.done(verified);
  }

  /**
   * The same verdict when the token's pod is still there, as far as the policy asks.
   *
   * @param source who is charged with the question
   */
  CompletionStage<TokenVerdict> review(
      String token, String audience, Verified verified, String source, Lane lane) {
    Duration oldest = lane == Lane.FIRST ? VerifiedTokens.LONGEST : RENEWAL;
    return presence(PodNodes.Pod.of(verified.workload()), source, false)
        .thenCompose(
            presence ->
                presence == Presence.GONE
                    ? Budget.done(PodReviews.GONE)
                    : reviews
                        .obstacle(token, audience, source, oldest)
                        .thenApply(obstacle -> obstacle.orElse(verified)));
  }

  /**
   * Whether a pod is an object of the cluster; one that ends still is. Never fails.
   *
   * @param source who is charged with the question
   * @param surely whether the cluster is asked about it while not all pods are known; one that is
   *     not among all that are known is asked about in any case
   */
  public CompletionStage<Presence> presence(PodNodes.Pod pod, String source, boolean surely) {
    UUID uid = KnownPods.uid(pod.uid());
    if (policy == ReviewPolicy.OFF) {
      return Budget.done(Presence.THERE);
    }
    boolean complete = pods.complete();
    if (complete && pods.has(uid)) {
      return Budget.done(Presence.THERE);
    }
    if (pods.isGone(uid)) {
      return Budget.done(Presence.GONE);
    }
    if (surely) {
      return places.find(pod, source, NEW).thenApply(PodChecks::presence);
    }
    return complete
        ? places.find(pod, source, NEW).thenApply(PodChecks::unlessGone)
        : Budget.done(Presence.UNKNOWN);
  }

  /** Until the watch has told of a pod nobody hears from it that the pod is gone: asked again. */
  private static Presence unlessGone(PodNodes.Place place) {
    return presence(place) == Presence.GONE ? Presence.GONE : Presence.UNKNOWN;
  }

  private static Presence presence(PodNodes.Place place) {
    return switch (place) {
      case PodNodes.Place.On on -> Presence.THERE;
      case PodNodes.Place.Gone gone -> Presence.GONE;
      case PodNodes.Place.Away away -> Presence.UNKNOWN;
      case PodNodes.Place.NotAsked notAsked -> Presence.NOT_ASKED;
    };
  }

  /** When a pod is believed to be there without the cluster's word. */
  public ReviewPolicy policy() {
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
   * @param perSecond questions of each kind
   * @param unplacedAllowed whether a token that names no node is taken from any of its cluster's
   *     edges while the cluster cannot be asked
   */
  public record Rules(String cluster, ReviewPolicy policy, int perSecond, boolean unplacedAllowed) {

    public Rules {
      if (perSecond < 1) {
        throw new IllegalArgumentException(
            "cluster " + cluster + ": reviews a second are at least 1, not " + perSecond);
      }
    }
  }
}
