package io.claviger.broker.adapter.kubernetes;

import static io.claviger.broker.adapter.kubernetes.ObjectServer.spec;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.adapter.kubernetes.ObjectOptions.LeaseTimes;
import io.claviger.broker.association.DecidedLog;
import io.claviger.broker.telemetry.ObjectMeters;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationSpec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Controllers with an in-memory API server and a log that decides at once. All objects are in the
 * namespace shop.
 */
final class ObjectCluster implements AutoCloseable {

  static final String ROLES = "arn:aws:iam::123456789012:role/";
  static final Duration LONG = Duration.ofMinutes(5);
  private static final LeaseTimes QUICK =
      new LeaseTimes(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofMillis(100));

  final ObjectServer server = new ObjectServer();
  final DecidedLog log = new DecidedLog();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final List<ObjectController> controllers = new ArrayList<>();

  ObjectCluster() {
    log.grantObjects("shop", ROLES + "shop-*");
  }

  ObjectController start(String broker) {
    return start(broker, true, LONG);
  }

  ObjectController startWithoutFinalizer(String broker) {
    return start(broker, false, LONG);
  }

  ObjectController start(String broker, boolean finalizer, Duration timeout) {
    ObjectController controller = controller(server, broker, finalizer, timeout, LONG);
    log.table.listen(controller);
    controller.start();
    return controller;
  }

  /** Returns a controller that is not started and receives no changes of the log. */
  ObjectController controller(
      ObjectServer of, String broker, boolean finalizer, Duration timeout, Duration resync) {
    ObjectController controller =
        new ObjectController(
            of.client(),
            new ObjectController.Ports(
                log.objects(),
                log.table,
                log::grants,
                association -> "arn:of/" + association.id(),
                association ->
                    Optional.of("external/" + association.spec().serviceAccount())
                        .filter(id -> association.spec().disableSessionTags()),
                InstantSource.system(),
                new ObjectMeters(meters, DecidedLog.CLUSTER)),
            new ObjectOptions(
                DecidedLog.CLUSTER, "claviger", broker, finalizer, timeout, resync, QUICK));
    controllers.add(controller);
    return controller;
  }

  void create(String name, String serviceAccount, String role) {
    server.create("shop", name, spec(serviceAccount, ROLES + role));
  }

  /** Creates an object whose service account may have the role, and waits for the association. */
  void associate(String name, String serviceAccount, String role) {
    create(name, serviceAccount, role);
    awaitReason(name, "Associated");
  }

  void change(String name, String serviceAccount, String role) {
    server.change("shop", name, spec(serviceAccount, ROLES + role));
  }

  void delete(String name) {
    server.delete("shop", name);
  }

  Optional<PodIdentityAssociation> find(String name) {
    return server.find("shop", name);
  }

  PodIdentityAssociation get(String name) {
    return find(name).orElseThrow();
  }

  void awaitReason(String name, String reason) {
    await().until(() -> server.reason("shop", name).equals(reason));
  }

  Association association(String serviceAccount) {
    return log.association("shop", serviceAccount).orElseThrow();
  }

  void awaitRole(String serviceAccount, String role) {
    await()
        .until(
            () ->
                log.association("shop", serviceAccount)
                    .filter(now -> now.spec().roleArn().equals(ROLES + role))
                    .isPresent());
  }

  boolean isGone(String serviceAccount) {
    return log.association("shop", serviceAccount).isEmpty();
  }

  void awaitGone(String serviceAccount) {
    await().until(() -> isGone(serviceAccount));
  }

  /** Returns how many brokers act on objects. */
  double leads() {
    return meters.get(ObjectMeters.LEADER).gauge().value();
  }

  /** Returns an association that no object declares. */
  static AssociationSpec byHand(String serviceAccount, String role) {
    return new AssociationSpec("shop", serviceAccount, ROLES + role, null, false, null, Map.of());
  }

  @Override
  public void close() {
    controllers.forEach(ObjectController::close);
    server.close();
  }
}
