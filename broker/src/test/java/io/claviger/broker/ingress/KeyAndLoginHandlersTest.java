package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.broker.identity.EdgeLogins;
import io.claviger.broker.identity.Issuers;
import io.claviger.config.bridge.Bodies;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.PublishedKeys;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The handler for keys, and logins that are rejected before the token is verified. */
class KeyAndLoginHandlersTest {

  private static final PublishedKeys KEYS =
      new PublishedKeys(
          1, "c1", "https://c1.test", "pods.eks.amazonaws.com", "{}", BridgeFixture.NOW);

  private final Vertx vertx = Vertx.vertx();

  @BeforeEach
  void deploy() throws Exception {
    BridgeFixture.await(
        vertx.deployVerticle(
            LookupHandler.ofKeys(
                cluster -> cluster.equals("c1") ? Optional.of(KEYS) : Optional.empty())));
  }

  @AfterEach
  void close() throws Exception {
    BridgeFixture.await(vertx.close());
  }

  @Test
  void answersAnEdgeWithItsOwnClustersKeys() throws Exception {
    assertThat(Bodies.read(ask("c1").body(), PublishedKeys.class)).isEqualTo(KEYS);
  }

  @Test
  void saysThatThereAreNoKeysYet() {
    assertThatThrownBy(() -> ask("c2")).hasMessageContaining("not been fetched yet");
  }

  @Test
  void turnsAwayLoginsThatAreMalformedOrOfAnOldProtocol() {
    LoginHandler logins =
        new LoginHandler(
            "broker-1",
            new EdgeLogins(new Issuers(List.of()), Map.of(), () -> BridgeFixture.NOW),
            cluster -> Position.NONE);

    for (JsonObject body :
        List.of(
            new JsonObject(),
            new JsonObject().put("version", 1),
            new JsonObject().put("version", "x").put("token", "t"),
            new JsonObject().put("version", 0).put("token", "t"),
            new JsonObject().put("version", 1).put("token", "no token of ours"))) {
      assertThat(logins.login(body.toBuffer(), null, () -> {}).toCompletableFuture().join())
          .isInstanceOf(LoginHandler.Rejected.class);
    }
  }

  @Test
  void saysWhichSideToUpgradeWhereVersionsAreTooFarApart() {
    LoginHandler logins =
        new LoginHandler(
            "broker-1",
            new EdgeLogins(new Issuers(List.of()), Map.of(), () -> BridgeFixture.NOW),
            cluster -> Position.NONE);

    assertThat(rejected(logins, 0)).endsWith("upgrade the edge");
    assertThat(rejected(logins, BusProtocol.VERSION + 2)).endsWith("upgrade the brokers first");
    assertThat(rejected(logins, BusProtocol.VERSION + 1)).contains("the token");
  }

  private static String rejected(LoginHandler logins, int version) {
    JsonObject body = new JsonObject().put("version", version).put("token", "no token of ours");
    return ((LoginHandler.Rejected)
            logins.login(body.toBuffer(), null, () -> {}).toCompletableFuture().join())
        .message();
  }

  private Message<Buffer> ask(String cluster) throws Exception {
    return BridgeFixture.await(
        new TestRequests(vertx, BusProtocol.KEYS).send(cluster, Buffer.buffer("{}")));
  }
}
