package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.association.Associations;
import io.claviger.broker.association.Revocations;
import io.claviger.config.bridge.Bodies;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.AssociationChanged;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.Sync;
import io.claviger.schemas.bus.SyncReply;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pushes of changed associations to a connection. */
class EdgeBridgeChangesIT {

  private static final AssociationKey CART = key("cart");
  private static final AssociationKey WEB = key("web");

  @TempDir private Path directory;
  private BridgeFixture bridge;

  private volatile EdgeRequest.@Nullable Connection latest;

  /** Runs when the table is read for a sync. */
  private volatile Consumer<AssociationKey> whileReading = key -> {};

  @BeforeEach
  void open() throws Exception {
    bridge = new BridgeFixture(directory);
    BridgeFixture.await(
        bridge.vertx.deployVerticle(
            new SyncHandler(
                new Table(),
                new Revocations(),
                (cluster, atLeast) -> CompletableFuture.completedStage(true),
                bridge.ingressMeters)));
    bridge.vertx.eventBus().<EdgeRequest>localConsumer(BusProtocol.CREDENTIALS, this::credentials);
  }

  @AfterEach
  void close() throws Exception {
    bridge.close();
  }

  /** Does what the handler does for a token of shop/cart. */
  private void credentials(Message<EdgeRequest> message) {
    latest = message.body().connection();
    latest.subscribe(CART);
    message.reply(new JsonObject().toBuffer());
  }

  @Test
  void anEdgeGetsNoPushesOfWhatItHasNeverAskedFor() throws Exception {
    try (EdgeClient edge = registered()) {
      changed(WEB, 8, 7);
      ask(edge);
      changed(WEB, 9, 8);
      changed(CART, 10, 9);

      assertThat(pushed(edge)).isEqualTo(change(CART, 10, 7));
    }
  }

  @Test
  void anEdgeGetsPushesOfWhatItReportsAndOfWhatItAsksFor() throws Exception {
    try (EdgeClient edge = registered()) {
      sync(edge, WEB);
      changed(CART, 8, 7);
      changed(WEB, 9, 8);
      assertThat(pushed(edge)).isEqualTo(change(WEB, 9, 7));

      ask(edge);
      changed(WEB, 10, 9);
      changed(CART, 11, 10);

      assertThat(pushed(edge)).isEqualTo(change(WEB, 10, 9));
      assertThat(pushed(edge)).isEqualTo(change(CART, 11, 10));
    }
  }

  @Test
  void eachPushNamesTheOneBeforeItOnItsConnection() throws Exception {
    try (EdgeClient one = registered();
        EdgeClient other = registered()) {
      sync(one, CART);
      sync(other, WEB);
      changed(CART, 8, 7);
      changed(WEB, 9, 8);
      changed(CART, 10, 9);

      assertThat(pushed(one)).isEqualTo(change(CART, 8, 7));
      assertThat(pushed(one)).isEqualTo(change(CART, 10, 8));
      assertThat(pushed(other)).isEqualTo(change(WEB, 9, 7));
    }
  }

  @Test
  void whatMovesWhileTheTableIsReadForAnEdgeIsPushed() throws Exception {
    whileReading = key -> changed(key, 8, 7);
    try (EdgeClient edge = registered()) {
      edge.send(
          BusProtocol.SYNC, "s", Bodies.of(new Sync(1, at(7), List.of(Sync.Known.refused(CART)))));

      List<JsonObject> frames = List.of(edge.read(), edge.read());

      assertThat(frames)
          .extracting(frame -> frame.getString("address"))
          .containsExactlyInAnyOrder("s", BusProtocol.ASSOCIATION_CHANGED);
    }
  }

  @Test
  void aConnectionThatHasEndedIsForgotten() throws Exception {
    try (EdgeClient edge = registered()) {
      ask(edge);
    }
    await().until(() -> bridge.connections.open() == 0);

    Objects.requireNonNull(latest).subscribe(WEB);
    changed(CART, 8, 7);

    assertThat(bridge.meters.get("claviger.ingress.subscriptions").gauge().value()).isZero();
  }

  private EdgeClient registered() throws Exception {
    EdgeClient edge = bridge.loggedIn();
    edge.register(BusProtocol.ASSOCIATION_CHANGED).frame("{\"type\":\"ping\"}");
    assertThat(edge.read().getString("type")).isEqualTo("pong");
    return edge;
  }

  private static void ask(EdgeClient edge) throws IOException {
    assertThat(
            edge.send(BusProtocol.CREDENTIALS, "c", new JsonObject()).read().getString("address"))
        .isEqualTo("c");
  }

  private static void sync(EdgeClient edge, AssociationKey... cached) throws IOException {
    List<Sync.Known> known = List.of(cached).stream().map(Sync.Known::refused).toList();
    JsonObject answer =
        edge.send(BusProtocol.SYNC, "s", Bodies.of(new Sync(1, at(7), known))).read();
    assertThat(Bodies.read(answer.getJsonObject("body").toBuffer(), SyncReply.class))
        .isEqualTo(new SyncReply.Synced(at(7), List.of()));
  }

  private void changed(AssociationKey key, long position, long follows) {
    bridge.connections.changed(key, 2, at(position), at(follows));
  }

  private static AssociationChanged pushed(EdgeClient edge) throws IOException {
    JsonObject frame = edge.read();
    assertThat(frame.getString("address")).isEqualTo(BusProtocol.ASSOCIATION_CHANGED);
    return Bodies.read(frame.getJsonObject("body").toBuffer(), AssociationChanged.class);
  }

  private static AssociationChanged change(AssociationKey key, long position, long follows) {
    return new AssociationChanged(BusProtocol.VERSION, key, 2, at(position), at(follows));
  }

  private static AssociationKey key(String serviceAccount) {
    return new AssociationKey("c1", "shop", serviceAccount);
  }

  private static Position at(long sequence) {
    return new Position(1, sequence);
  }

  /** An empty table. */
  private final class Table implements Associations {
    @Override
    public CompletionStage<Lookup> find(AssociationKey key, Position atLeast) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Association> current(AssociationKey key) {
      whileReading.accept(key);
      return Optional.empty();
    }

    @Override
    public Position position(String cluster) {
      return at(7);
    }
  }
}
