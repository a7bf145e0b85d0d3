package io.claviger.broker.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.Supplier;

/** What is measured of which pods are there, by cluster. Thread-safe. */
public final class PodMeters {

  /**
   * Gauge by {@code cluster}: 1 while all pods of the cluster are known to this broker and changes
   * are followed, else 0: then the API server is asked about each pod.
   */
  public static final String WATCHED = "claviger.pods.watched";

  /** Gauge by {@code cluster}: pods whose uids this broker keeps. */
  public static final String KNOWN = "claviger.pods.known";

  /**
   * Counter by {@code cluster} and {@code result} (ok, failed): lists of all pods, and watches that
   * failed.
   */
  public static final String LISTS = "claviger.pods.lists";

  /** Counter by {@code cluster}: pods of which edges were told that they are gone. */
  public static final String GONE_PUSHED = "claviger.pods.gone.pushed";

  /**
   * Counter by {@code cluster} and {@code result} (there, gone, unknown): pods that edges asked
   * about or reported; {@code unknown}: the API server could not be asked.
   */
  public static final String REPORTED = "claviger.pods.reported";

  private static final String CLUSTER = "cluster";

  private final MeterRegistry registry;

  /** Meters in a registry. */
  public PodMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Shows what is known of a cluster's pods. */
  public void watch(String cluster, Supplier<Number> watched, Supplier<Number> known) {
    Gauge.builder(WATCHED, watched).tag(CLUSTER, cluster).register(registry);
    Gauge.builder(KNOWN, known).tag(CLUSTER, cluster).register(registry);
  }

  /** Counts a list, or that something may have been missed. */
  public void list(String cluster, String result) {
    registry.counter(LISTS, Tags.of(CLUSTER, cluster, "result", result)).increment();
  }

  /** Counts pods that edges were told are gone. */
  public void pushed(String cluster, int pods) {
    registry.counter(GONE_PUSHED, Tags.of(CLUSTER, cluster)).increment(pods);
  }

  /** Counts a pod that an edge asked about or reported. */
  public void reported(String cluster, String result) {
    registry.counter(REPORTED, Tags.of(CLUSTER, cluster, "result", result)).increment();
  }
}
