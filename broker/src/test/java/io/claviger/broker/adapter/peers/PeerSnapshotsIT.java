package io.claviger.broker.adapter.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.adapter.hazelcast.PeerMembers;
import io.claviger.broker.association.AssociationTable;
import io.claviger.broker.association.AssociationTable.Source;
import io.claviger.broker.association.LogEntry;
import io.claviger.broker.association.SnapshotHandler;
import io.claviger.broker.association.SnapshotTransfer;
import io.claviger.config.cluster.ClusteredVertx;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.BusProtocol;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The transfer of a table between brokers, over the event bus with mutual TLS. */
@Timeout(60)
final class PeerSnapshotsIT {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);
  private static final int ASSOCIATIONS = 1_000;

  @TempDir private Path directory;
  private Brokers brokers;
  private ClusteredVertx newcomer;
  private ClusteredVertx peer;
  private final AssociationTable table = new AssociationTable(1);
  private final AssociationTable theirs = new AssociationTable(1);

  @BeforeEach
  void join() throws Exception {
    brokers = new Brokers(directory);
    newcomer = brokers.join("newcomer", 0);
    peer = brokers.join("peer", 0);
    for (int i = 1; i <= ASSOCIATIONS; i++) {
      theirs.apply(0, change(i));
    }
    Brokers.await(
        peer.vertx()
            .deployVerticle(
                new SnapshotVerticle(new SnapshotHandler(theirs, CLOCK), peer.nodeId())));
  }

  @AfterEach
  void leave() throws Exception {
    brokers.close();
  }

  private static LogEntry change(int i) {
    AssociationSpec spec =
        new AssociationSpec(
            "shop", "sa-" + i, "arn:aws:iam::1:role/r", null, false, null, Map.of());
    Association association = new Association("a-" + i, "prod-1", spec, "key/tester", 1, NOW, NOW);
    return new LogEntry.Changed(
        AssociationChange.of(association, new Position(7, i), "key/tester"));
  }

  private PeerSnapshotFetch fetch() {
    return new PeerSnapshotFetch(
        newcomer.vertx(),
        () -> PeerMembers.nodeIds(newcomer.hazelcast()),
        new SnapshotTransfer(
            new BusPeerSnapshots(newcomer.vertx().eventBus()), CLOCK, Runnable::run),
        () -> !table.caughtUp(),
        taken ->
            CompletableFuture.completedFuture(
                table.adopt(taken.snapshot(), taken.asOf(), cluster -> 0)));
  }

  @Test
  void bringsTheTableOnceThePeerHasCaughtUp() {
    assertThat(PeerMembers.nodeIds(newcomer.hazelcast())).isEqualTo(Set.of(peer.nodeId()));
    fetch().start();
    theirs.reachedEnd(0);
    theirs.confirmed(NOW.minusSeconds(90));

    await().until(table::caughtUp);

    assertThat(table.source()).isEqualTo(Source.PEER);
    assertThat(table.size()).isEqualTo(ASSOCIATIONS);
    assertThat(table.asOf()).contains(NOW.minusSeconds(90));
    assertThat(table.snapshot().digest()).isEqualTo(theirs.snapshot().digest());
  }

  @Test
  void refusesWhatIsNoRequest() {
    for (Object body : new Object[] {"no json", "{\"version\":1,\"from\":-1}"}) {
      assertThatThrownBy(
              () ->
                  Brokers.await(
                      newcomer
                          .vertx()
                          .eventBus()
                          .request(BusProtocol.snapshotAddress(peer.nodeId()), body)))
          .hasMessageContaining("not a request for a table");
    }
  }
}
