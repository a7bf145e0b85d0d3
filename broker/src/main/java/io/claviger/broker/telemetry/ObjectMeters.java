package io.claviger.broker.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** What is measured of associations as Kubernetes objects, and every name of it. Thread-safe. */
public final class ObjectMeters {

  /**
   * Gauge by {@code cluster} and {@code reason} (Associated, Conflict, RoleNotPermitted, Invalid,
   * LimitExceeded, LogUnavailable): objects by what their condition says; 0 at brokers that do not
   * act on them.
   */
  public static final String OBJECTS = "claviger.objects";

  /**
   * Counter by {@code cluster} and {@code effort} (unchanged, written, refused, unavailable,
   * failed): how often a service account's objects were compared with its association; failed: the
   * API server was away, or the object had changed meanwhile.
   */
  public static final String RECONCILES = "claviger.objects.reconciles";

  /** Gauge by {@code cluster}: 1 while this broker is the one that acts on objects, else 0. */
  public static final String LEADER = "claviger.objects.leader";

  private static final String CLUSTER = "cluster";

  private final MeterRegistry registry;
  private final String cluster;

  /** Meters of one cluster's objects in a registry. */
  public ObjectMeters(MeterRegistry registry, String cluster) {
    this.registry = registry;
    this.cluster = cluster;
  }

  /** Shows how many objects have a condition's reason. */
  public void objects(String reason, Supplier<Number> count) {
    Gauge.builder(OBJECTS, count).tag(CLUSTER, cluster).tag("reason", reason).register(registry);
  }

  /** Shows whether this broker acts on objects: it has the lease, and the cluster is the log's. */
  public void leader(Supplier<Number> leads) {
    Gauge.builder(LEADER, leads).tag(CLUSTER, cluster).register(registry);
  }

  /** Counts a comparison. */
  public void reconciled(String effort) {
    registry.counter(RECONCILES, CLUSTER, cluster, "effort", effort).increment();
  }
}
