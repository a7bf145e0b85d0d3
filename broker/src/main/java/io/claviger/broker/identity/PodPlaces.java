package io.claviger.broker.identity;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.identity.PodNodes.Place;
import io.claviger.broker.telemetry.TokenMeters;
import io.claviger.config.trust.TokenVerdict;
import io.claviger.config.trust.TokenVerdict.Verified;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The nodes of one cluster's pods whose tokens name none. A pod is bound to a node once: what is
 * known of it by its uid stays so.
 */
final class PodPlaces {

  private static final Duration GONE = Duration.ofSeconds(5);
  private static final Duration BOUND = Duration.ofHours(24);

  private final String cluster;
  private final PodNodes port;
  private final Budget budget;
  private final TokenMeters meters;
  private final Questions<PodNodes.Pod, Place> questions;

  PodPlaces(
      String cluster,
      PodNodes port,
      int perSecond,
      int maximum,
      Budget budget,
      Ticker ticker,
      TokenMeters meters) {
    this.cluster = cluster;
    this.port = port;
    this.budget = budget;
    this.meters = meters;
    this.questions =
        new Questions<>(
            maximum,
            perSecond,
            PodPlaces::remembered,
            failure -> new Place.Away("looking failed: " + failure.getClass().getSimpleName()),
            Place.Away.class::isInstance,
            Place.NotAsked::new,
            ticker);
  }

  /**
   * The same with the pod's node, or why that is not to be had. Never fails.
   *
   * @param source who is charged with the question
   * @param unplacedAllowed whether it stays without one while the cluster is away
   */
  CompletionStage<TokenVerdict> place(Verified verified, String source, boolean unplacedAllowed) {
    return find(PodNodes.Pod.of(verified.workload()), source, BOUND)
        .thenApply(place -> placed(verified, place, unplacedAllowed));
  }

  /**
   * Where a pod is, or that it is gone. Never fails.
   *
   * @param source who is charged with the question
   * @param oldest the cluster has said so at most this long ago
   */
  CompletionStage<Place> find(PodNodes.Pod pod, String source, Duration oldest) {
    return budget.within(
        questions.ask(pod, source, oldest, () -> port.find(pod)).thenApply(Questions.Answer::what),
        new Place.Away("no answer in time"));
  }

  private TokenVerdict placed(Verified verified, Place place, boolean unplacedAllowed) {
    return switch (place) {
      case Place.On(var node) -> {
        meters.place(cluster, "found");
        yield new Verified(on(node, verified.workload()), verified.expiresAt(), verified.keyId());
      }
      case Place.Gone gone -> {
        meters.place(cluster, "gone");
        yield new TokenVerdict.Rejected(RefusalReason.INVALID_TOKEN, "the pod is gone");
      }
      case Place.NotAsked notAsked -> {
        meters.place(cluster, "throttled");
        yield new TokenVerdict.Unconfirmed(
            "the token names no node, and too many such are seen for the first time: try again");
      }
      case Place.Away away when unplacedAllowed -> {
        meters.place(cluster, "away");
        meters.unplaced(cluster);
        yield verified;
      }
      case Place.Away(var message) -> {
        meters.place(cluster, "away");
        yield new TokenVerdict.Unconfirmed(
            "the token names no node, and the cluster cannot be asked where the pod runs: "
                + message);
      }
    };
  }

  private static WorkloadIdentity on(String node, WorkloadIdentity pod) {
    return new WorkloadIdentity(
        pod.cluster(), pod.namespace(), pod.serviceAccount(), pod.podName(), pod.podUid(), node);
  }

  private static Duration remembered(Place place) {
    return switch (place) {
      case Place.On on -> BOUND;
      case Place.Gone gone -> GONE;
      case Place.Away away -> Duration.ZERO;
      case Place.NotAsked notAsked -> Duration.ZERO;
    };
  }
}
