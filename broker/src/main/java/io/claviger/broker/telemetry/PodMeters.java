package io.claviger.broker.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.Supplier;

/** The meters of existing pods, by cluster. Thread-safe. */
public final class PodMeters {

  /**
   * Gauge by {@code cluster}: 1 while this broker has the uids of all pods of the cluster and
   * follows changes, else 0. At 0 it requests each pod from the API server.
   */
  public static final String WATCHED = "claviger.pods.watched";

  /** Gauge by {@code cluster}: pods whose uids this broker keeps. */
  public static final String KNOWN = "claviger.pods.known";

  /**
   * Counter by {@code cluster} and {@code result} (ok, failed): lists of all pods, and watches that
   * failed.
   */
  public static final String LISTS = "claviger.pods.lists";

  /** Counter by {@code cluster}: deleted pods that the broker reported to edges. */
  public static final String GONE_PUSHED = "claviger.pods.gone.pushed";

  /**
   * Counter by {@code cluster} and {@code result} (there, gone, unknown): pods that edges looked up
   * or reported. {@code unknown}: the API server was unavailable.
   */
  public static final String REPORTED = "claviger.pods.reported";

  private static final String CLUSTER = "cluster";

  private final MeterRegistry registry;

  /** Creates the meters in a registry. */
  public PodMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Registers the gauges of a cluster's pods. */
  public void watch(String cluster, Supplier<Number> watched, Supplier<Number> known) {
    Gauge.builder(WATCHED, watched).tag(CLUSTER, cluster).register(registry);
    Gauge.builder(KNOWN, known).tag(CLUSTER, cluster).register(registry);
  }

  /** Counts a list, or a watch that may have missed something. */
  public void list(String cluster, String result) {
    registry.counter(LISTS, Tags.of(CLUSTER, cluster, "result", result)).increment();
  }

  /** Counts deleted pods that the broker reported to edges. */
  public void pushed(String cluster, int pods) {
    registry.counter(GONE_PUSHED, Tags.of(CLUSTER, cluster)).increment(pods);
  }

  /** Counts a pod that an edge looked up or reported. */
  public void reported(String cluster, String result) {
    registry.counter(REPORTED, Tags.of(CLUSTER, cluster, "result", result)).increment();
  }
}
