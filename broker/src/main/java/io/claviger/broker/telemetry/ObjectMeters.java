package io.claviger.broker.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** The meters of associations as Kubernetes objects. Thread-safe. */
public final class ObjectMeters {

  /**
   * Gauge by {@code cluster} and {@code reason} (Associated, Conflict, RoleNotPermitted, Invalid,
   * LimitExceeded, LogUnavailable): objects by the reason of their condition; 0 at brokers that do
   * not act on objects.
   */
  public static final String OBJECTS = "claviger.objects";

  /**
   * Counter by {@code cluster} and {@code effort} (unchanged, written, refused, unavailable,
   * failed): comparisons of a service account's objects with its association. {@code failed}: the
   * API server was unavailable, or the object had changed meanwhile.
   */
  public static final String RECONCILES = "claviger.objects.reconciles";

  /** Gauge by {@code cluster}: 1 while this broker acts on objects, else 0. */
  public static final String LEADER = "claviger.objects.leader";

  private static final String CLUSTER = "cluster";

  private final MeterRegistry registry;
  private final String cluster;

  /** Creates the meters of one cluster's objects in a registry. */
  public ObjectMeters(MeterRegistry registry, String cluster) {
    this.registry = registry;
    this.cluster = cluster;
  }

  /** Registers the gauge of objects with a condition's reason. */
  public void objects(String reason, Supplier<Number> count) {
    Gauge.builder(OBJECTS, count).tag(CLUSTER, cluster).tag("reason", reason).register(registry);
  }

  /**
   * Registers the gauge of whether this broker acts on objects: it has the lease, and the log
   * belongs to the cluster.
   */
  public void leader(Supplier<Number> leads) {
    Gauge.builder(LEADER, leads).tag(CLUSTER, cluster).register(registry);
  }

  /** Counts a comparison. */
  public void reconciled(String effort) {
    registry.counter(RECONCILES, CLUSTER, cluster, "effort", effort).increment();
  }
}
