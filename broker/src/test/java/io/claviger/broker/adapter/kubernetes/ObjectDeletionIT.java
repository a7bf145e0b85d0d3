package io.claviger.broker.adapter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.schemas.association.AssociationCommand.Bind;
import io.claviger.schemas.association.AssociationCommand.Create;
import io.claviger.schemas.association.AssociationCommand.Put;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which associations are deleted with their objects, and which stay. */
final class ObjectDeletionIT {

  private final ObjectCluster cluster = new ObjectCluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void deletesWhatIsSaidInTheNameOfObjectsThatAreNotThere() {
    cluster.start("broker-1");
    cluster.associate("one", "orders", "shop-orders");

    cluster.log.askAs("namespace/shop", new Put(ObjectCluster.byHand("cart", "shop-cart")));

    cluster.awaitGone("cart");
    assertThat(cluster.isGone("orders")).isFalse();
  }

  @Test
  void keepsADeletedObjectUntilItsAssociationIsGone() {
    cluster.start("broker-1");
    cluster.associate("one", "cart", "shop-cart");
    cluster.log.away(true);
    cluster.delete("one");

    cluster.awaitReason("one", "LogUnavailable");
    assertThat(cluster.find("one")).isPresent();
    cluster.log.away(false);

    await().until(() -> cluster.find("one").isEmpty());
    assertThat(cluster.isGone("cart")).isTrue();
  }

  @Test
  @Tag("ci")
  void letsADeletedObjectGoWhenTheLogIsAwayForTooLongAndDeletesItsAssociationLater() {
    cluster.start("broker-1", true, Duration.ofSeconds(1));
    cluster.associate("one", "cart", "shop-cart");
    cluster.log.away(true);
    cluster.delete("one");

    await().until(() -> cluster.find("one").isEmpty());
    assertThat(cluster.isGone("cart")).isFalse();
    cluster.log.away(false);

    cluster.awaitGone("cart");
  }

  @Test
  void needsNoFinalizerAndTakesItAwayWhereItIsSwitchedOff() {
    cluster.start("broker-1").close();
    cluster.create("one", "cart", "shop-cart");
    ObjectController first = cluster.start("broker-1");
    cluster.awaitReason("one", "Associated");
    first.close();
    cluster.startWithoutFinalizer("broker-2");

    await().until(() -> cluster.get("one").getFinalizers().isEmpty());
    cluster.delete("one");

    cluster.awaitGone("cart");
  }

  @Test
  void deletesWhatObjectsHaveDeclaredThatWentWhileNobodyLooked() {
    ObjectController first = cluster.startWithoutFinalizer("broker-1");
    cluster.associate("one", "cart", "shop-cart");
    cluster.log.ask(new Create(ObjectCluster.byHand("orders", "by-hand")));
    first.close();
    cluster.delete("one");

    cluster.start("broker-2");

    cluster.awaitGone("cart");
    assertThat(cluster.isGone("orders")).isFalse();
  }

  @Test
  @Tag("ci")
  void touchesNothingByTheApiServerOfAnotherClusterUntilAnAdministratorSaysSo() {
    cluster.start("broker-1");
    cluster.associate("one", "cart", "shop-cart");
    cluster.controllers.removeLast().close();

    try (ObjectServer another = new ObjectServer()) {
      ObjectController pointedElsewhere =
          cluster.controller(another, "broker-2", true, ObjectCluster.LONG, ObjectCluster.LONG);
      pointedElsewhere.start();
      await().until(() -> cluster.log.refused(Bind.class) > 0);
      assertThat(cluster.isGone("cart")).isFalse();

      cluster.log.ask(new Bind(another.uid(), true));

      await().atMost(Duration.ofSeconds(20)).until(() -> cluster.isGone("cart"));
      cluster.controllers.removeLast().close();
    }
  }

  @Test
  @Tag("ci")
  void deletesNothingOnceTheApiServerIsThatOfAnotherCluster() {
    cluster.startWithoutFinalizer("broker-1");
    cluster.associate("one", "cart", "shop-cart");

    cluster.server.becomeAnother();
    cluster.delete("one");
    await().until(() -> cluster.log.refused(Bind.class) > 0);
    assertThat(cluster.isGone("cart")).isFalse();

    cluster.log.ask(new Bind(cluster.server.uid(), true));
    await().atMost(Duration.ofSeconds(20)).until(() -> cluster.isGone("cart"));
  }
}
