package io.claviger.broker.app;

import io.claviger.broker.adapter.kubernetes.ObjectController;
import io.claviger.broker.adapter.kubernetes.ObjectOptions;
import io.claviger.broker.adapter.kubernetes.ObjectOptions.LeaseTimes;
import io.claviger.broker.association.Grants;
import io.claviger.broker.association.ObjectReconciliation;
import io.claviger.broker.association.ReadyCondition.Reason;
import io.claviger.broker.ingress.api.AssociationArns;
import io.claviger.broker.telemetry.ObjectMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Wires associations as Kubernetes objects: one controller for each cluster that has them. */
final class BrokerObjects implements AutoCloseable {

  private static final InstantSource CLOCK = InstantSource.system();

  private final List<ObjectController> controllers = new ArrayList<>();

  /** Opens clients; sends no request yet. */
  BrokerObjects(
      Vertx vertx,
      BrokerSettings settings,
      RegisteredClusters clusters,
      AssociationLog log,
      Supplier<Grants> grants,
      MeterRegistry meters) {
    ObjectReconciliation reconciliation =
        new ObjectReconciliation(
            log.commands(), log.table(), grants, CLOCK, () -> UUID.randomUUID().toString());
    AssociationArns arns = new AssociationArns(clusters.profiles());
    for (BrokerSettings.Cluster cluster : settings.clusters()) {
      ObjectMeters measured = new ObjectMeters(meters, cluster.name());
      ObjectController.Ports ports =
          new ObjectController.Ports(
              reconciliation, log.table(), grants, arns::of, arns::externalId, CLOCK, measured);
      cluster
          .kubernetes()
          .filter(kubernetes -> kubernetes.objects().enabled())
          .map(at -> controller(vertx, at, ports, options(settings, cluster, at.objects())))
          .ifPresentOrElse(controllers::add, () -> none(measured));
    }
    controllers.forEach(log.table()::listen);
  }

  private static void none(ObjectMeters meters) {
    Stream.of(Reason.values()).forEach(reason -> meters.objects(reason.text(), () -> 0));
    meters.leader(() -> 0);
  }

  private static ObjectController controller(
      Vertx vertx, KubernetesSettings at, ObjectController.Ports ports, ObjectOptions options) {
    return ObjectController.open(vertx, at.url(), at.tokenFile(), at.ca(), ports, options);
  }

  private static ObjectOptions options(
      BrokerSettings settings, BrokerSettings.Cluster cluster, ObjectSettings objects) {
    return new ObjectOptions(
        cluster.name(),
        objects.leaseNamespace(),
        settings.name(),
        objects.finalizer(),
        objects.finalizerTimeout(),
        objects.resync(),
        LeaseTimes.USUAL);
  }

  /** Becomes a candidate for acting on objects. */
  void start() {
    controllers.forEach(ObjectController::start);
  }

  /** Releases the lease to other brokers; blocks. */
  @Override
  public void close() {
    controllers.forEach(ObjectController::close);
  }
}
