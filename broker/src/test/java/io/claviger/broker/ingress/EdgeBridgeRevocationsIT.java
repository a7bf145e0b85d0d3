package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.AssociationTable;
import io.claviger.broker.association.LogEntry;
import io.claviger.config.bridge.Bodies;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevocationChange;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.bus.AssociationChanged;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.RevokedPods;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pushes and look-ups of revocations on a connection of node-1's edge. */
class EdgeBridgeRevocationsIT {

  private static final String ROLE = "arn:aws:iam::111122223333:role/cart";

  @TempDir private Path directory;
  private final AssociationTable table = new AssociationTable(1);
  private BridgeFixture bridge;

  @BeforeEach
  void open() throws Exception {
    bridge = new BridgeFixture(directory);
    RevokedPodSets revokedPods = new RevokedPodSets(table.revocations(), table::position);
    BridgeFixture.await(bridge.vertx.deployVerticle(LookupHandler.ofRevokedPods(revokedPods)));
    table.apply(0, changed("cart", ROLE, 6));
    table.apply(0, changed("web", ROLE + "-web", 7));
    table.reachedEnd(0);
    table.listen(
        new EdgePushes(bridge.connections, cluster -> Optional.empty(), table.revocations()));
    table.listenForRevocations(
        new RevocationPushes(
            bridge.connections, table::inCluster, table.revocations(), revokedPods));
  }

  @AfterEach
  void close() throws Exception {
    bridge.close();
  }

  @Test
  void anAssociationOfARevokedRoleIsAsIfItWereGoneUntilAllIsLifted() throws Exception {
    try (EdgeClient edge = registered(BusProtocol.ASSOCIATION_CHANGED)) {
      bridge
          .connections
          .of("c1")
          .forEach(one -> one.subscribe(new AssociationKey("c1", "shop", "cart")));
      revoke("role:" + ROLE, 8);
      revoke("workload:shop/cart", 9);
      restore("role:" + ROLE, 10);
      table.apply(0, changed("cart", ROLE, 11));
      restore("workload:shop/cart", 12);

      assertThat(changed(edge)).isEqualTo(change(0, 8, 7));
      assertThat(changed(edge)).isEqualTo(change(0, 9, 8));
      assertThat(changed(edge)).isEqualTo(change(0, 10, 9));
      assertThat(changed(edge)).isEqualTo(change(0, 11, 10));
      assertThat(changed(edge)).isEqualTo(change(3, 12, 11));
    }
  }

  @Test
  void allRevokedPodsArePushedAtEachChange() throws Exception {
    try (EdgeClient edge = registered(BusProtocol.REVOKED_PODS_CHANGED)) {
      revoke("pod:shop/cart-1", 8);
      revoke("pod:uid-1", 9);
      restore("pod:shop/cart-1", 10);

      assertThat(revokedPods(edge)).isEqualTo(pods(8, "shop/cart-1"));
      assertThat(revokedPods(edge)).isEqualTo(pods(9, "shop/cart-1", "uid-1"));
      assertThat(revokedPods(edge)).isEqualTo(pods(10, "uid-1"));
    }
  }

  @Test
  void tellsTheEdgeOfARevokedNodeToServeNothing() throws Exception {
    try (EdgeClient edge = registered(BusProtocol.REVOKED_PODS_CHANGED)) {
      revoke("node:node-2", 8);
      revoke("node:node-1", 9);

      assertThat(revokedPods(edge)).isEqualTo(pods(8));
      assertThat(revokedPods(edge))
          .isEqualTo(new RevokedPods(BusProtocol.VERSION, at(9), true, List.of()));
    }
  }

  @Test
  void anEdgeThatAsksIsAnsweredForItsNode() throws Exception {
    revoke("pod:uid-1", 8);
    try (EdgeClient edge = bridge.loggedIn()) {
      assertThat(asked(edge)).isEqualTo(pods(8, "uid-1"));
      revoke("node:node-1", 9);
      assertThat(asked(edge).everything()).isTrue();
    }
  }

  @Test
  void asManyPodsAsThereMayBeFitIntoAFrame() throws Exception {
    String longest = "n".repeat(63) + "/" + "p".repeat(250);
    for (int i = 0; i < RevokedPods.MAX_PODS; i++) {
      revoke("pod:" + longest + (100 + i), 8 + i);
    }
    try (EdgeClient edge = bridge.loggedIn()) {
      assertThat(asked(edge).pods()).hasSize(RevokedPods.MAX_PODS);
    }
  }

  @Test
  void morePodsThanThatArePushedAsEverything() throws Exception {
    for (int i = 0; i <= RevokedPods.MAX_PODS; i++) {
      revoke("pod:uid-" + i, 8 + i);
    }
    try (EdgeClient edge = bridge.loggedIn()) {
      assertThat(asked(edge).everything()).isTrue();
    }
  }

  private EdgeClient registered(String address) throws Exception {
    EdgeClient edge = bridge.loggedIn();
    edge.register(address).frame("{\"type\":\"ping\"}");
    assertThat(edge.read().getString("type")).isEqualTo("pong");
    return edge;
  }

  private static RevokedPods asked(EdgeClient edge) throws IOException {
    JsonObject answer = edge.send(BusProtocol.REVOKED_PODS, "w", new JsonObject()).read();
    return Bodies.read(answer.getJsonObject("body").toBuffer(), RevokedPods.class);
  }

  private static AssociationChanged changed(EdgeClient edge) throws IOException {
    return Bodies.read(edge.read().getJsonObject("body").toBuffer(), AssociationChanged.class);
  }

  private static RevokedPods revokedPods(EdgeClient edge) throws IOException {
    return Bodies.read(edge.read().getJsonObject("body").toBuffer(), RevokedPods.class);
  }

  private static AssociationChanged change(long revision, long position, long follows) {
    return new AssociationChanged(
        BusProtocol.VERSION,
        new AssociationKey("c1", "shop", "cart"),
        revision,
        at(position),
        at(follows));
  }

  private static RevokedPods pods(long position, String... pods) {
    return new RevokedPods(BusProtocol.VERSION, at(position), false, List.of(pods));
  }

  private void revoke(String subject, long sequence) {
    table.apply(
        0,
        new LogEntry.Revoked(
            RevocationChange.of(
                new Revocation(
                    "c1", RevokedSubject.parse(subject), BridgeFixture.NOW, "key/tester"),
                at(sequence))));
  }

  private void restore(String subject, long sequence) {
    table.apply(
        0, new LogEntry.Restored("c1", RevokedSubject.parse(subject), at(sequence), "key/tester"));
  }

  private static LogEntry changed(String serviceAccount, String role, long sequence) {
    AssociationSpec spec =
        new AssociationSpec("shop", serviceAccount, role, null, false, null, Map.of());
    return new LogEntry.Changed(
        AssociationChange.of(
            new Association(
                "a-" + serviceAccount,
                "c1",
                spec,
                "key/tester",
                3,
                BridgeFixture.NOW,
                BridgeFixture.NOW),
            at(sequence),
            "key/tester"));
  }

  private static Position at(long sequence) {
    return new Position(1, sequence);
  }
}
