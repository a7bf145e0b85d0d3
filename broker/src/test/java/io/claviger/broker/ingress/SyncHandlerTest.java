package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.broker.association.AssociationTable;
import io.claviger.broker.association.ConsistentAssociations;
import io.claviger.broker.association.LogEntry;
import io.claviger.broker.association.ReadBarrier.Reach;
import io.claviger.broker.association.TableAge;
import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.bridge.Bodies;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevocationChange;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.Sync;
import io.claviger.schemas.bus.SyncReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SyncHandlerTest {

  private static final String CLUSTER = "c1";
  private static final Sync.Known CART = known("cart", 2);
  private static final Sync.Known NONE = Sync.Known.refused(key("none"));

  private final Vertx vertx = Vertx.vertx();
  private final TestRequests requests = new TestRequests(vertx, BusProtocol.SYNC);
  private final IngressMeters meters = new IngressMeters(new SimpleMeterRegistry());
  private final AssociationTable table = new AssociationTable(1);
  private volatile CompletableFuture<Reach> reach = CompletableFuture.completedFuture(Reach.LATE);

  @BeforeEach
  void deploy() throws Exception {
    table.apply(0, changed("cart", 2, 5));
    table.apply(0, changed("web", 1, 6));
    table.reachedEnd(0);
    ConsistentAssociations associations =
        new ConsistentAssociations(
            table,
            (cluster, timeout) -> reach,
            new TableAge(Optional.empty(), () -> Duration.ZERO));
    BridgeFixture.await(
        vertx.deployVerticle(
            new SyncHandler(associations, table.revocations(), associations, meters)));
  }

  @AfterEach
  void close() throws Exception {
    BridgeFixture.await(vertx.close());
  }

  @Test
  void saysNothingOfWhatIsStillSo() throws Exception {
    assertThat(ask(at(6), CART, NONE)).isEqualTo(new SyncReply.Synced(at(6), List.of()));
  }

  @Test
  void saysWhatIsAnotherOneOrGoneOrThere() throws Exception {
    Sync.Known older = known("cart", 1);
    Sync.Known other = new Sync.Known(key("cart"), "a-other", 2);
    Sync.Known gone = known("gone", 1);
    Sync.Known there = Sync.Known.refused(key("web"));

    assertThat(ask(at(6), older, other, gone, there, CART))
        .isEqualTo(new SyncReply.Synced(at(6), List.of(older, other, gone, there)));
  }

  @Test
  void saysThatWhatIsRevokedIsGone() throws Exception {
    table.apply(
        0,
        new LogEntry.Revoked(
            RevocationChange.of(
                new Revocation(
                    CLUSTER,
                    RevokedSubject.parse("workload:shop/cart"),
                    BridgeFixture.NOW,
                    "key/tester"),
                at(7))));

    assertThat(ask(at(7), CART, Sync.Known.refused(key("cart"))))
        .isEqualTo(new SyncReply.Synced(at(7), List.of(CART)));
  }

  @Test
  void catchesUpWithWhatTheEdgeHasSeen() throws Exception {
    reach = new CompletableFuture<>();
    Future<SyncReply> reply = request(CLUSTER, at(7), CART);

    table.apply(0, changed("cart", 3, 7));
    reach.complete(Reach.REACHED);

    assertThat(BridgeFixture.await(reply)).isEqualTo(new SyncReply.Synced(at(7), List.of(CART)));
  }

  @Test
  void saysThatItIsBehind() throws Exception {
    assertThat(ask(at(7), CART)).isEqualTo(new SyncReply.Behind(at(6)));
  }

  @Test
  void takesNothingOfAnotherClusterAndNothingTooLong() {
    assertThatThrownBy(() -> BridgeFixture.await(request("c9", at(6), CART)))
        .hasMessageContaining("malformed");
    JsonObject tooLong =
        Bodies.of(new Sync(1, at(6), Collections.nCopies(Sync.MAX_KNOWN, CART))).toJsonObject();
    tooLong.getJsonArray("known").add(tooLong.getJsonArray("known").getJsonObject(0));
    assertThatThrownBy(() -> BridgeFixture.await(request(CLUSTER, tooLong.toBuffer())))
        .hasMessageContaining("malformed");
  }

  private static Sync.Known known(String serviceAccount, long revision) {
    AssociationKey key = key(serviceAccount);
    return new Sync.Known(key, association(serviceAccount, revision).id(), revision);
  }

  private static AssociationKey key(String serviceAccount) {
    return new AssociationKey(CLUSTER, "shop", serviceAccount);
  }

  private static Position at(long sequence) {
    return new Position(1, sequence);
  }

  private static LogEntry changed(String serviceAccount, long revision, long sequence) {
    return new LogEntry.Changed(
        AssociationChange.of(association(serviceAccount, revision), at(sequence), "key/tester"));
  }

  private static Association association(String serviceAccount, long revision) {
    AssociationSpec spec =
        new AssociationSpec(
            "shop",
            serviceAccount,
            "arn:aws:iam::111122223333:role/cart",
            null,
            false,
            null,
            Map.of());
    return new Association(
        "a-" + serviceAccount,
        CLUSTER,
        spec,
        "key/tester",
        revision,
        BridgeFixture.NOW,
        BridgeFixture.NOW);
  }

  private SyncReply ask(Position position, Sync.Known... known) throws Exception {
    return BridgeFixture.await(request(CLUSTER, position, known));
  }

  private Future<SyncReply> request(String cluster, Position position, Sync.Known... known) {
    return request(cluster, Bodies.of(new Sync(1, position, List.of(known))));
  }

  private Future<SyncReply> request(String cluster, Buffer body) {
    return requests
        .send(cluster, body)
        .map(message -> Bodies.read(message.body(), SyncReply.class));
  }
}
