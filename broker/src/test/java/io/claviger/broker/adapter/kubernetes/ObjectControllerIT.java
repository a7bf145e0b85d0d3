package io.claviger.broker.adapter.kubernetes;

import static io.claviger.broker.adapter.kubernetes.ObjectServer.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.claviger.broker.adapter.kubernetes.ObjectOptions.LeaseTimes;
import io.claviger.broker.association.DecidedLog;
import io.claviger.broker.telemetry.ObjectMeters;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationCommand.Bind;
import io.claviger.schemas.association.AssociationCommand.Create;
import io.claviger.schemas.association.AssociationCommand.Delete;
import io.claviger.schemas.association.AssociationCommand.Put;
import io.claviger.schemas.association.AssociationSpec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The controller with an API server in memory and a log that decides at once. */
final class ObjectControllerIT {

  private static final String ROLES = "arn:aws:iam::123456789012:role/";
  private static final LeaseTimes QUICK =
      new LeaseTimes(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofMillis(100));

  private final ObjectServer server = new ObjectServer();
  private final DecidedLog log = new DecidedLog();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<ObjectController> controllers = new ArrayList<>();

  @BeforeEach
  void grantTheShopItsRoles() {
    log.grantObjects("shop", ROLES + "shop-*");
  }

  @AfterEach
  void close() {
    controllers.forEach(ObjectController::close);
    server.close();
  }

  private ObjectController start(String broker) {
    return start(broker, true, Duration.ofMinutes(5));
  }

  private ObjectController start(String broker, boolean finalizer, Duration timeout) {
    ObjectController controller = controller(broker, finalizer, timeout, Duration.ofMinutes(5));
    log.table.listen(controller);
    controller.start();
    return controller;
  }

  private ObjectController controller(
      String broker, boolean finalizer, Duration timeout, Duration resync) {
    return controller(server, broker, finalizer, timeout, resync);
  }

  private ObjectController controller(
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

  private void awaitReason(String name, String reason) {
    await().until(() -> server.reason("shop", name).equals(reason));
  }

  private boolean isGone(String serviceAccount) {
    return log.association("shop", serviceAccount).isEmpty();
  }

  private static AssociationSpec byHand(String serviceAccount) {
    return byHand(serviceAccount, "by-hand");
  }

  private static AssociationSpec byHand(String serviceAccount, String role) {
    return new AssociationSpec("shop", serviceAccount, ROLES + role, null, false, null, Map.of());
  }

  @Test
  void tellsAnObjectWhatHasBecomeOfIt() {
    start("broker-1");
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));

    awaitReason("one", "Associated");
    Association association = log.association("shop", "cart").orElseThrow();
    PodIdentityAssociation object = server.find("shop", "one").orElseThrow();
    assertThat(association.spec().roleArn()).isEqualTo(ROLES + "shop-cart");
    assertThat(object.getStatus().associationId()).isEqualTo(association.id());
    assertThat(object.getStatus().associationArn()).isEqualTo("arn:of/" + association.id());
    assertThat(object.getStatus().observedGeneration())
        .isEqualTo(object.getMetadata().getGeneration());
    assertThat(object.getStatus().ready().orElseThrow().getStatus()).isEqualTo("True");
    assertThat(object.getFinalizers()).containsExactly("claviger.io/association");
    assertThat(meters.get(ObjectMeters.OBJECTS).tag("reason", "Associated").gauge().value())
        .isEqualTo(1);
  }

  @Test
  void tellsAnObjectTheExternalIdThatATrustPolicyMayAskFor() {
    start("broker-1");
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));
    server.create(
        "shop",
        "two",
        new PodIdentityAssociationSpec("orders", ROLES + "shop-orders", null, true, null, null));

    awaitReason("one", "Associated");
    awaitReason("two", "Associated");
    assertThat(server.find("shop", "one").orElseThrow().getStatus().externalId()).isNull();
    assertThat(server.find("shop", "two").orElseThrow().getStatus().externalId())
        .isEqualTo("external/orders");
  }

  @Test
  void writesAStatusOnceForEachChange() {
    start("broker-1");
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));
    awaitReason("one", "Associated");
    server.change("shop", "one", spec("cart", ROLES + "admin"));
    awaitReason("one", "RoleNotPermitted");
    server.create("shop", "two", spec("orders", ROLES + "shop-orders"));
    awaitReason("two", "Associated");

    assertThat(server.asked("PATCH ", "podidentityassociations/one/status")).isEqualTo(2);
  }

  @Test
  void makesWhatIsDeclaredFollowTheObject() {
    start("broker-1");
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));
    awaitReason("one", "Associated");

    server.change("shop", "one", spec("cart", ROLES + "shop-other"));

    await()
        .until(
            () ->
                log.association("shop", "cart")
                    .filter(now -> now.spec().roleArn().equals(ROLES + "shop-other"))
                    .isPresent());
  }

  @Test
  void refusesANamespaceTheRoleOfAnotherUntilItIsGranted() {
    start("broker-1");
    server.create("shop", "one", spec("cart", ROLES + "bank-vault"));

    awaitReason("one", "RoleNotPermitted");
    assertThat(server.find("shop", "one").orElseThrow().getStatus().ready().orElseThrow())
        .satisfies(
            ready -> {
              assertThat(ready.getStatus()).isEqualTo("False");
              assertThat(ready.getMessage()).contains("namespace/shop has no grant");
            });
    assertThat(isGone("cart")).isTrue();

    log.grantObjects("shop", ROLES + "*");
    awaitReason("one", "Associated");
  }

  @Test
  void saysWhenTheGrantOfWhatIsSoHasBeenTakenAway() {
    start("broker-1");
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));
    awaitReason("one", "Associated");

    log.grantObjects("shop", ROLES + "shop-other");

    awaitReason("one", "RoleNotPermitted");
    assertThat(isGone("cart")).isFalse();
  }

  @Test
  void deletesWhatIsSaidInTheNameOfObjectsThatAreNotThere() {
    start("broker-1");
    server.create("shop", "one", spec("orders", ROLES + "shop-orders"));
    awaitReason("one", "Associated");

    log.askAs("namespace/shop", new Put(byHand("cart", "shop-cart")));

    await().until(() -> isGone("cart"));
    assertThat(isGone("orders")).isFalse();
  }

  @Test
  void noticesWhatHappenedWhileTheApiServerWasAway() {
    start("broker-1");
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));
    awaitReason("one", "Associated");
    server.create("shop", "two", spec("orders", ROLES + "shop-orders"));
    awaitReason("two", "Associated");

    server.cut();
    server.change("shop", "one", spec("cart", ROLES + "shop-other"));
    server.delete("shop", "two");
    server.create("shop", "three", spec("search", ROLES + "shop-search"));
    server.mend();

    awaitReason("three", "Associated");
    await().until(() -> isGone("orders"));
    await()
        .until(
            () ->
                log.association("shop", "cart")
                    .filter(now -> now.spec().roleArn().equals(ROLES + "shop-other"))
                    .isPresent());
  }

  @Test
  void givesUpWhereItCannotRenewTheLeaseAndBeginsAgainWhenItCan() {
    start("broker-1");
    await().until(() -> leads() == 1);

    server.cut();
    await().until(() -> leads() == 0);
    server.mend();

    await().atMost(Duration.ofSeconds(30)).until(() -> leads() == 1);
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));
    awaitReason("one", "Associated");
  }

  @Test
  void saysOnceThatTheApiServerIsAwayAndOnceThatItIsBackWithoutAStackTrace() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(log);
    try {
      start("broker-1");
      await().until(() -> leads() == 1);
      server.cut();
      await().until(() -> leads() == 0);
      // Ten more tries.
      await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
      server.mend();
      await().atMost(Duration.ofSeconds(30)).until(() -> leads() == 1);
    } finally {
      root.detachAppender(log);
    }

    List<ILoggingEvent> said = List.copyOf(log.list);
    assertThat(said)
        .extracting(ILoggingEvent::getMessage)
        .contains(
            "the lease for objects cannot be asked for, trying again: this broker does not act on"
                + " objects until the API server answers and lets it have the lease",
            "the lease for objects can be asked for again");
    assertThat(said)
        .filteredOn(event -> event.getThrowableProxy() != null)
        .extracting(ILoggingEvent::getLoggerName, ILoggingEvent::getMessage)
        .isEmpty();
    assertThat(said)
        .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .as("warnings, however many connections the API server ended")
        .extracting(ILoggingEvent::getMessage)
        .containsExactly(
            "the lease for objects cannot be asked for, trying again: this broker does not act on"
                + " objects until the API server answers and lets it have the lease");
  }

  @Test
  @Tag("long")
  void touchesNothingByTheApiServerOfAnotherClusterUntilAnAdministratorSaysSo() {
    start("broker-1");
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));
    awaitReason("one", "Associated");
    controllers.removeLast().close();

    try (ObjectServer another = new ObjectServer()) {
      ObjectController pointedElsewhere =
          controller(another, "broker-2", true, Duration.ofMinutes(5), Duration.ofMinutes(5));
      pointedElsewhere.start();
      await().until(() -> refusals() > 0);
      assertThat(isGone("cart")).isFalse();

      log.ask(new Bind(another.uid(), true));

      await().atMost(Duration.ofSeconds(20)).until(() -> isGone("cart"));
      controllers.removeLast().close();
    }
  }

  @Test
  @Tag("long")
  void deletesNothingOnceTheApiServerIsThatOfAnotherCluster() {
    start("broker-1", false, Duration.ofMinutes(5));
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));
    awaitReason("one", "Associated");

    server.becomeAnother();
    server.delete("shop", "one");
    await().until(() -> refusals() > 0);
    assertThat(isGone("cart")).isFalse();

    log.ask(new Bind(server.uid(), true));
    await().atMost(Duration.ofSeconds(20)).until(() -> isGone("cart"));
  }

  private long puts() {
    return log.sent.stream().filter(one -> one.operation() instanceof Put).count();
  }

  /** Answers to brokers that reached another cluster. */
  private long refusals() {
    return log.refused(Bind.class);
  }

  private double leads() {
    return meters.get(ObjectMeters.LEADER).gauge().value();
  }

  @Test
  void saysConflictWithWhatTheApiHasMadeUntilThatIsDeleted() {
    log.ask(new Create(byHand("cart")));
    start("broker-1");
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));
    awaitReason("one", "Conflict");

    log.ask(new Delete(log.association("shop", "cart").orElseThrow().id(), null));

    awaitReason("one", "Associated");
  }

  @Test
  void saysConflictToTheSecondObjectOfAServiceAccount() {
    start("broker-1");
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));
    awaitReason("one", "Associated");
    // Creation times have seconds.
    await().pollDelay(Duration.ofMillis(1100)).until(() -> true);
    server.create("shop", "two", spec("cart", ROLES + "shop-other"));
    awaitReason("two", "Conflict");

    server.delete("shop", "one");

    awaitReason("two", "Associated");
    await().until(() -> server.find("shop", "one").isEmpty());
  }

  @Test
  void makesAgainWhatTheApiHasDeleted() {
    start("broker-1");
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));
    awaitReason("one", "Associated");
    String id = log.association("shop", "cart").orElseThrow().id();

    log.ask(new Delete(id, null));

    await()
        .until(
            () ->
                server
                    .find("shop", "one")
                    .map(object -> object.getStatus().associationId())
                    .filter(now -> !id.equals(now))
                    .isPresent());
    assertThat(isGone("cart")).isFalse();
  }

  @Test
  void comparesEverythingFromTimeToTime() {
    // Nobody tells it of the log's changes.
    controller("broker-1", true, Duration.ofMinutes(5), Duration.ofMillis(300)).start();
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));
    awaitReason("one", "Associated");

    log.ask(new Delete(log.association("shop", "cart").orElseThrow().id(), null));

    await().until(() -> !isGone("cart"));
  }

  @Test
  void saysWhatIsInvalid() {
    start("broker-1");
    server.create("shop", "one", spec("cart", "no role"));

    awaitReason("one", "Invalid");
  }

  @Test
  void keepsADeletedObjectUntilItsAssociationIsGone() {
    start("broker-1");
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));
    awaitReason("one", "Associated");
    log.away(true);
    server.delete("shop", "one");

    awaitReason("one", "LogUnavailable");
    assertThat(server.find("shop", "one")).isPresent();
    log.away(false);

    await().until(() -> server.find("shop", "one").isEmpty());
    assertThat(isGone("cart")).isTrue();
  }

  @Test
  @Tag("long")
  void letsADeletedObjectGoWhenTheLogIsAwayForTooLongAndDeletesItsAssociationLater() {
    start("broker-1", true, Duration.ofSeconds(1));
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));
    awaitReason("one", "Associated");
    log.away(true);
    server.delete("shop", "one");

    await().until(() -> server.find("shop", "one").isEmpty());
    assertThat(isGone("cart")).isFalse();
    log.away(false);

    await().until(() -> isGone("cart"));
  }

  @Test
  void needsNoFinalizerAndTakesItAwayWhereItIsSwitchedOff() {
    start("broker-1").close();
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));
    ObjectController first = start("broker-1");
    awaitReason("one", "Associated");
    first.close();
    start("broker-2", false, Duration.ofMinutes(5));

    await().until(() -> server.find("shop", "one").orElseThrow().getFinalizers().isEmpty());
    server.delete("shop", "one");

    await().until(() -> isGone("cart"));
  }

  @Test
  void deletesWhatObjectsHaveDeclaredThatWentWhileNobodyLooked() {
    ObjectController first = start("broker-1", false, Duration.ofMinutes(5));
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));
    awaitReason("one", "Associated");
    log.ask(new Create(byHand("orders")));
    first.close();
    server.delete("shop", "one");

    start("broker-2");

    await().until(() -> isGone("cart"));
    assertThat(isGone("orders")).isFalse();
  }

  @Test
  void leavesTheObjectsToTheHolderOfTheLeaseAndTakesOverFromIt() {
    ObjectController first = start("broker-1");
    await().until(() -> server.holder().filter("broker-1"::equals).isPresent());
    start("broker-2");
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));
    awaitReason("one", "Associated");
    assertThat(puts()).isEqualTo(1);

    first.close();
    await().until(() -> server.holder().filter("broker-2"::equals).isPresent());
    server.create("shop", "two", spec("orders", ROLES + "shop-orders"));

    awaitReason("two", "Associated");
    assertThat(puts()).as("nothing is asked twice").isEqualTo(2);
    assertThat(server.asked("PATCH ", "podidentityassociations/one/status")).isEqualTo(1);
  }

  @Test
  void writesWhatIsDeclaredOnceTheLogIsBack() {
    log.away(true);
    start("broker-1");
    server.create("shop", "one", spec("cart", ROLES + "shop-cart"));
    awaitReason("one", "LogUnavailable");
    assertThat(
            meters
                .counter(
                    ObjectMeters.RECONCILES, "cluster", DecidedLog.CLUSTER, "effort", "unavailable")
                .count())
        .isPositive();

    log.away(false);

    awaitReason("one", "Associated");
  }
}
