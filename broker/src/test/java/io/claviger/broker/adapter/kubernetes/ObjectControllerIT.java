package io.claviger.broker.adapter.kubernetes;

import static io.claviger.broker.adapter.kubernetes.ObjectServer.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.telemetry.ObjectMeters;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationCommand.Create;
import io.claviger.schemas.association.AssociationCommand.Delete;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The declarations of objects, and their status. */
final class ObjectControllerIT {

  private final ObjectCluster cluster = new ObjectCluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void tellsAnObjectWhatHasBecomeOfIt() {
    cluster.start("broker-1");
    cluster.create("one", "cart", "shop-cart");

    cluster.awaitReason("one", "Associated");
    Association association = cluster.association("cart");
    PodIdentityAssociation object = cluster.get("one");
    assertThat(association.spec().roleArn()).isEqualTo(ObjectCluster.ROLES + "shop-cart");
    assertThat(object.getStatus().associationId()).isEqualTo(association.id());
    assertThat(object.getStatus().associationArn()).isEqualTo("arn:of/" + association.id());
    assertThat(object.getStatus().observedGeneration())
        .isEqualTo(object.getMetadata().getGeneration());
    assertThat(object.getStatus().ready().orElseThrow().getStatus()).isEqualTo("True");
    assertThat(object.getFinalizers()).containsExactly("claviger.io/association");
    assertThat(cluster.meters.get(ObjectMeters.OBJECTS).tag("reason", "Associated").gauge().value())
        .isEqualTo(1);
  }

  @Test
  void tellsAnObjectTheExternalIdThatATrustPolicyMayAskFor() {
    cluster.start("broker-1");
    cluster.create("one", "cart", "shop-cart");
    cluster.server.create(
        "shop",
        "two",
        new PodIdentityAssociationSpec(
            "orders", ObjectCluster.ROLES + "shop-orders", null, true, null, null));

    cluster.awaitReason("one", "Associated");
    cluster.awaitReason("two", "Associated");
    assertThat(cluster.get("one").getStatus().externalId()).isNull();
    assertThat(cluster.get("two").getStatus().externalId()).isEqualTo("external/orders");
  }

  @Test
  void writesAStatusOnceForEachChange() {
    cluster.start("broker-1");
    cluster.associate("one", "cart", "shop-cart");
    cluster.change("one", "cart", "admin");
    cluster.awaitReason("one", "RoleNotPermitted");
    cluster.associate("two", "orders", "shop-orders");

    assertThat(cluster.server.asked("PATCH ", "podidentityassociations/one/status")).isEqualTo(2);
  }

  @Test
  void makesWhatIsDeclaredFollowTheObject() {
    cluster.start("broker-1");
    cluster.associate("one", "cart", "shop-cart");

    cluster.change("one", "cart", "shop-other");

    cluster.awaitRole("cart", "shop-other");
  }

  @Test
  void refusesANamespaceTheRoleOfAnotherUntilItIsGranted() {
    cluster.start("broker-1");
    cluster.create("one", "cart", "bank-vault");

    cluster.awaitReason("one", "RoleNotPermitted");
    assertThat(cluster.get("one").getStatus().ready().orElseThrow())
        .satisfies(
            ready -> {
              assertThat(ready.getStatus()).isEqualTo("False");
              assertThat(ready.getMessage()).contains("namespace/shop has no grant");
            });
    assertThat(cluster.isGone("cart")).isTrue();

    cluster.log.grantObjects("shop", ObjectCluster.ROLES + "*");
    cluster.awaitReason("one", "Associated");
  }

  @Test
  void saysWhenTheGrantOfWhatIsSoHasBeenTakenAway() {
    cluster.start("broker-1");
    cluster.associate("one", "cart", "shop-cart");

    cluster.log.grantObjects("shop", ObjectCluster.ROLES + "shop-other");

    cluster.awaitReason("one", "RoleNotPermitted");
    assertThat(cluster.isGone("cart")).isFalse();
  }

  @Test
  void saysConflictWithWhatTheApiHasMadeUntilThatIsDeleted() {
    cluster.log.ask(new Create(ObjectCluster.byHand("cart", "by-hand")));
    cluster.start("broker-1");
    cluster.create("one", "cart", "shop-cart");
    cluster.awaitReason("one", "Conflict");

    cluster.log.ask(new Delete(cluster.association("cart").id(), null));

    cluster.awaitReason("one", "Associated");
  }

  @Test
  void saysConflictToTheSecondObjectOfAServiceAccount() {
    cluster.start("broker-1");
    cluster.associate("one", "cart", "shop-cart");
    // Creation times have a resolution of seconds.
    await().pollDelay(Duration.ofMillis(1100)).until(() -> true);
    cluster.create("two", "cart", "shop-other");
    cluster.awaitReason("two", "Conflict");

    cluster.delete("one");

    cluster.awaitReason("two", "Associated");
    await().until(() -> cluster.find("one").isEmpty());
  }

  @Test
  void makesAgainWhatTheApiHasDeleted() {
    cluster.start("broker-1");
    cluster.associate("one", "cart", "shop-cart");
    String id = cluster.association("cart").id();

    cluster.log.ask(new Delete(id, null));

    await()
        .until(
            () ->
                cluster
                    .find("one")
                    .map(object -> object.getStatus().associationId())
                    .filter(now -> !id.equals(now))
                    .isPresent());
    assertThat(cluster.isGone("cart")).isFalse();
  }

  @Test
  void comparesEverythingFromTimeToTime() {
    // It receives no changes of the log.
    cluster
        .controller(cluster.server, "broker-1", true, ObjectCluster.LONG, Duration.ofMillis(300))
        .start();
    cluster.associate("one", "cart", "shop-cart");

    cluster.log.ask(new Delete(cluster.association("cart").id(), null));

    await().until(() -> !cluster.isGone("cart"));
  }

  @Test
  void saysWhatIsInvalid() {
    cluster.start("broker-1");
    cluster.server.create("shop", "one", spec("cart", "no role"));

    cluster.awaitReason("one", "Invalid");
  }
}
