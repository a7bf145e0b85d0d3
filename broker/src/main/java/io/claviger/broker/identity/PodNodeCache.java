package io.claviger.broker.identity;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.identity.PodNodes.NodeLookup;
import io.claviger.broker.telemetry.TokenMeters;
import io.claviger.config.trust.TokenVerification;
import io.claviger.config.trust.TokenVerification.Verified;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The nodes of one cluster's pods whose tokens name none. A pod is bound to a node only once, so
 * its node never changes.
 */
final class PodNodeCache {

  private static final Duration GONE = Duration.ofSeconds(5);
  private static final Duration BOUND = Duration.ofHours(24);

  private final String cluster;
  private final PodNodes port;
  private final AnswerTimeout timeout;
  private final TokenMeters meters;
  private final RateLimitedCache<PodNodes.Pod, NodeLookup> cache;

  PodNodeCache(
      PodChecks.Rules rules,
      PodNodes port,
      int maximum,
      AnswerTimeout timeout,
      Ticker ticker,
      TokenMeters meters) {
    this.cluster = rules.cluster();
    this.port = port;
    this.timeout = timeout;
    this.meters = meters;
    this.cache =
        new RateLimitedCache<>(
            maximum,
            rules.perSecond(),
            PodNodeCache::remembered,
            failure -> new NodeLookup.Away("looking failed: " + failure.getClass().getSimpleName()),
            NodeLookup.Away.class::isInstance,
            NodeLookup.NotAsked::new,
            ticker);
  }

  /**
   * Returns the token with the pod's node, or why the node cannot be determined. Never fails.
   *
   * @param source the source that is charged with the request
   * @param withoutNodeAllowed whether the token may stay without a node while the cluster cannot be
   *     reached
   */
  CompletionStage<TokenVerification> node(
      Verified verified, String source, boolean withoutNodeAllowed) {
    return find(PodNodes.Pod.of(verified.workload()), source, BOUND)
        .thenApply(lookup -> withNode(verified, lookup, withoutNodeAllowed));
  }

  /**
   * Returns where a pod runs, or that it no longer exists. Never fails.
   *
   * @param source the source that is charged with the request
   * @param oldest the maximum age of a cached response
   */
  CompletionStage<NodeLookup> find(PodNodes.Pod pod, String source, Duration oldest) {
    return timeout.within(
        cache
            .ask(pod, source, oldest, () -> port.find(pod))
            .thenApply(RateLimitedCache.Answer::what),
        new NodeLookup.Away("no answer in time"));
  }

  private TokenVerification withNode(
      Verified verified, NodeLookup lookup, boolean withoutNodeAllowed) {
    return switch (lookup) {
      case NodeLookup.On(var node) -> {
        meters.podNode(cluster, "found");
        yield new Verified(on(node, verified.workload()), verified.expiresAt(), verified.keyId());
      }
      case NodeLookup.Gone gone -> {
        meters.podNode(cluster, "gone");
        yield new TokenVerification.Rejected(RefusalReason.INVALID_TOKEN, "the pod is gone");
      }
      case NodeLookup.NotAsked notAsked -> {
        meters.podNode(cluster, "throttled");
        yield new TokenVerification.Unconfirmed(
            "the token names no node, and too many such are seen for the first time: try again");
      }
      case NodeLookup.Away away when withoutNodeAllowed -> {
        meters.podNode(cluster, "away");
        meters.withoutNode(cluster);
        yield verified;
      }
      case NodeLookup.Away(var message) -> {
        meters.podNode(cluster, "away");
        yield new TokenVerification.Unconfirmed(
            "the token names no node, and the cluster cannot be asked where the pod runs: "
                + message);
      }
    };
  }

  private static WorkloadIdentity on(String node, WorkloadIdentity pod) {
    return new WorkloadIdentity(
        pod.cluster(), pod.namespace(), pod.serviceAccount(), pod.podName(), pod.podUid(), node);
  }

  private static Duration remembered(NodeLookup lookup) {
    return switch (lookup) {
      case NodeLookup.On on -> BOUND;
      case NodeLookup.Gone gone -> GONE;
      case NodeLookup.Away away -> Duration.ZERO;
      case NodeLookup.NotAsked notAsked -> Duration.ZERO;
    };
  }
}
