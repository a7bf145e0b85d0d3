package io.claviger.broker.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * What is measured of asking clusters about tokens and of telling pods, by cluster. Thread-safe.
 */
public final class TokenMeters {

  /**
   * Counter by {@code cluster} and {@code result} (standing, denied, offline, unavailable,
   * throttled): tokens whose cluster was to say whether the pod is still there; {@code offline}: it
   * could not be asked, and they were believed; {@code unavailable}: and they were not; {@code
   * throttled}: it was not asked because too many were new, and they were not believed.
   */
  public static final String REVIEWS = "claviger.token.reviews";

  /**
   * Counter by {@code cluster} and {@code result} (found, gone, away, throttled): tokens that name
   * no node, whose cluster was to say where the pod runs.
   */
  public static final String POD_NODES = "claviger.token.pod.nodes";

  /**
   * Counter by {@code cluster}: tokens that name no node and were taken although the cluster could
   * not be asked, as {@code allow-pods-without-node} says.
   */
  public static final String WITHOUT_NODE = "claviger.token.without.node";

  /**
   * Counter by {@code cluster} and {@code result} (written, repeated, dropped, failed): what pods
   * were to be told of by an Event: refusals, and that their association came after them; {@code
   * repeated}: an Event says so already; {@code dropped}: too many at once.
   */
  public static final String POD_EVENTS = "claviger.pod.events";

  private static final String CLUSTER = "cluster";
  private static final String RESULT = "result";

  private final MeterRegistry registry;

  /** Meters in a registry. */
  public TokenMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Counts what became of asking for a review. */
  public void review(String cluster, String result) {
    registry.counter(REVIEWS, Tags.of(CLUSTER, cluster, RESULT, result)).increment();
  }

  /** Counts what became of asking for a pod's node. */
  public void podNode(String cluster, String result) {
    registry.counter(POD_NODES, Tags.of(CLUSTER, cluster, RESULT, result)).increment();
  }

  /** Counts a pod that was taken for one of the node that asks. */
  public void withoutNode(String cluster) {
    registry.counter(WITHOUT_NODE, Tags.of(CLUSTER, cluster)).increment();
  }

  /** Counts what became of telling a pod. */
  public void podEvent(String cluster, String result) {
    registry.counter(POD_EVENTS, Tags.of(CLUSTER, cluster, RESULT, result)).increment();
  }
}
