package io.claviger.broker.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/** The meters of token reviews and of Events on pods, by cluster. Thread-safe. */
public final class TokenMeters {

  /**
   * Counter by {@code cluster} and {@code result} (standing, denied, offline, unavailable,
   * throttled): tokens whose cluster had to confirm that the pod still exists. {@code offline}: the
   * cluster was unavailable, and the token was accepted. {@code unavailable}: likewise, and the
   * token was rejected. {@code throttled}: too many tokens were new, and the token was rejected
   * without a review.
   */
  public static final String REVIEWS = "claviger.token.reviews";

  /**
   * Counter by {@code cluster} and {@code result} (found, gone, away, throttled): tokens without a
   * node, for which the cluster had to return the pod's node.
   */
  public static final String POD_NODES = "claviger.token.pod.nodes";

  /**
   * Counter by {@code cluster}: tokens without a node that were accepted although the cluster was
   * unavailable, as {@code allow-pods-without-node} permits.
   */
  public static final String WITHOUT_NODE = "claviger.token.without.node";

  /**
   * Counter by {@code cluster} and {@code result} (written, repeated, dropped, failed): Events
   * about pods: refusals, and associations that came after the pod. {@code repeated}: an equal
   * Event exists already. {@code dropped}: too many at once.
   */
  public static final String POD_EVENTS = "claviger.pod.events";

  private static final String CLUSTER = "cluster";
  private static final String RESULT = "result";

  private final MeterRegistry registry;

  /** Creates the meters in a registry. */
  public TokenMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Counts the result of a token review. */
  public void review(String cluster, String result) {
    registry.counter(REVIEWS, Tags.of(CLUSTER, cluster, RESULT, result)).increment();
  }

  /** Counts the result of a request for a pod's node. */
  public void podNode(String cluster, String result) {
    registry.counter(POD_NODES, Tags.of(CLUSTER, cluster, RESULT, result)).increment();
  }

  /** Counts a pod that was accepted as one of the requesting node. */
  public void withoutNode(String cluster) {
    registry.counter(WITHOUT_NODE, Tags.of(CLUSTER, cluster)).increment();
  }

  /** Counts the result of an Event. */
  public void podEvent(String cluster, String result) {
    registry.counter(POD_EVENTS, Tags.of(CLUSTER, cluster, RESULT, result)).increment();
  }
}
