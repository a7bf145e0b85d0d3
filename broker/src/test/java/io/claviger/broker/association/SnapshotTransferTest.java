package io.claviger.broker.association;

import static io.claviger.broker.association.Specs.changed;
import static io.claviger.broker.association.Specs.removed;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.SnapshotTransfer.Fetched;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.SnapshotReply;
import io.claviger.schemas.bus.SnapshotRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class SnapshotTransferTest {

  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final InstantSource CLOCK = InstantSource.fixed(Specs.NOW);
  private static final UnaryOperator<SnapshotReply> ENDS_TOO_EARLY =
      reply ->
          reply instanceof SnapshotReply.Page
              ? new SnapshotReply.Page(List.of(), List.of())
              : reply;

  private final Map<String, SnapshotHandler> handlers = new HashMap<>();
  private UnaryOperator<SnapshotReply> wire = UnaryOperator.identity();
  private Runnable beforeEachPage = () -> {};
  private final SnapshotTransfer transfer = new SnapshotTransfer(this::ask, CLOCK, Runnable::run);

  private CompletionStage<SnapshotReply> ask(String nodeId, SnapshotRequest request) {
    if (nodeId.equals("silent")) {
      return new CompletableFuture<>();
    }
    SnapshotHandler handler = handlers.get(nodeId);
    if (handler == null) {
      return CompletableFuture.failedFuture(new IllegalStateException("nobody is there"));
    }
    if (request.digest() != null) {
      beforeEachPage.run();
    }
    return CompletableFuture.completedFuture(wire.apply(handler.answer(request)));
  }

  private AssociationTable peer(String nodeId, int associations, int secondsOld) {
    AssociationTable table = new AssociationTable(1);
    for (int i = 1; i <= associations; i++) {
      table.apply(0, changed("sa-" + i, 1, i));
    }
    table.reachedEnd(0);
    table.confirmed(Specs.NOW.minusSeconds(secondsOld));
    handlers.put(nodeId, new SnapshotHandler(table, CLOCK));
    return table;
  }

  private Optional<Fetched> fetch(String... nodeIds) {
    return transfer.fetch(List.of(nodeIds)).toCompletableFuture().join();
  }

  @Test
  void takesATableOfManyPages() {
    AssociationTable peer = peer("one", 2 * SnapshotReply.PAGE + 1, 7);

    assertThat(fetch("one"))
        .contains(new Fetched("one", peer.snapshot(), Specs.NOW.minusSeconds(7)));
  }

  @Test
  void takesRevocationsThatAreAPageBehindTheAssociations() {
    AssociationTable peer = peer("one", SnapshotReply.PAGE, 0);
    peer.apply(0, Specs.revoked("pod:shop/cart-1", SnapshotReply.PAGE + 1));

    assertThat(fetch("one").orElseThrow().snapshot().revocations())
        .containsExactly(Specs.revocation("pod:shop/cart-1"));
  }

  @Test
  void takesAnEmptyTableToo() {
    peer("one", 0, 0);

    assertThat(fetch("one").orElseThrow().snapshot().associations()).isEmpty();
  }

  @Test
  void takesTheFurthestAndOfThoseTheYoungest() {
    peer("behind", 3, 0);
    peer("old", 4, 50);
    peer("young", 4, 20);

    assertThat(fetch("behind", "old", "young", "gone").orElseThrow().nodeId()).isEqualTo("young");
  }

  @Test
  void takesNoneFromABrokerThatHasNotCaughtUp() {
    handlers.put("one", new SnapshotHandler(new AssociationTable(1), CLOCK));

    assertThat(fetch("one")).isEmpty();
    assertThat(fetch()).isEmpty();
  }

  @Test
  void takesAnAdoptedTableWithTheAgeThatItHad() {
    AssociationTable first = peer("one", 3, 100);
    AssociationTable second = new AssociationTable(1);
    second.adopt(first.snapshot(), first.asOf().orElseThrow(), cluster -> 0);
    handlers.put("two", new SnapshotHandler(second, CLOCK));

    assertThat(fetch("two").orElseThrow().asOf()).isEqualTo(Specs.NOW.minusSeconds(100));
  }

  @Test
  void takesPagesThatBelongTogetherWhileTheTableChanges() {
    AssociationTable peer = peer("one", 2 * SnapshotReply.PAGE, 0);
    TableSnapshot offered = peer.snapshot();
    beforeEachPage = () -> peer.apply(0, removed("sa-1", 2 * SnapshotReply.PAGE + 1));

    assertThat(fetch("one").orElseThrow().snapshot()).isEqualTo(offered);
  }

  @Test
  void takesTheNextWhereOneDoesNotHoldItsOfferAnyMore() {
    peer("two", 3, 0);
    handlers.put("one", forgetful());

    assertThat(fetch("one", "two").orElseThrow().nodeId()).isEqualTo("two");
  }

  /** Further offers evict it before the request for its first page. */
  private SnapshotHandler forgetful() {
    AssociationTable table = new AssociationTable(1);
    table.reachedEnd(0);
    table.confirmed(Specs.NOW);
    for (int i = 1; i <= 9; i++) {
      table.apply(0, changed("sa-" + i, 1, i));
    }
    SnapshotHandler forgetting = new SnapshotHandler(table, CLOCK);
    beforeEachPage =
        () -> {
          for (int i = 10; i < 30; i++) {
            table.apply(0, changed("sa-" + i, 1, i));
            forgetting.answer(SnapshotRequest.offer());
          }
        };
    return forgetting;
  }

  @Test
  void takesNoTableThatIsNotWhatWasOffered() {
    peer("one", 3, 0);
    wire =
        reply ->
            reply instanceof SnapshotReply.Page page
                ? new SnapshotReply.Page(
                    page.associations().stream()
                        .map(each -> Specs.association(each.spec().serviceAccount(), 9))
                        .toList(),
                    page.revocations())
                : reply;

    assertThat(fetch("one")).isEmpty();
  }

  @Test
  void takesNoTableThatEndsTooEarly() {
    peer("one", 3, 0);
    wire = ENDS_TOO_EARLY;

    assertThat(fetch("one")).isEmpty();
  }

  @Test
  void takesOfEachClusterTheTableThatKnowsMost() {
    AssociationTable one = peer("one", 5, 0);
    AssociationTable two = peer("two", 3, 0);
    two.apply(0, ofCluster("other", 9));
    peer("three", 4, 0);

    assertThat(further(cluster -> Position.NONE, "one", "two", "three", "gone").join())
        .containsExactlyInAnyOrder(one.snapshot(), two.snapshot());
  }

  @Test
  void takesNoTableThatKnowsNoMore() {
    peer("one", 5, 0);
    beforeEachPage =
        () -> {
          throw new AssertionError("fetched in vain");
        };

    assertThat(further(cluster -> Specs.at(5), "one").join()).isEmpty();
  }

  @Test
  void goesWithoutWhoIsSilent() {
    AssociationTable one = peer("one", 5, 0);

    assertThat(further(cluster -> Position.NONE, "silent", "one").join())
        .containsExactly(one.snapshot());
  }

  @Test
  void goesWithoutNobodyWhereEverybodyIsWanted() {
    peer("one", 5, 0);

    assertThat(further(cluster -> Position.NONE, true, "one", "gone").join()).hasSize(1);
    assertThat(further(cluster -> Position.NONE, true, "silent", "one"))
        .failsWithin(WAIT)
        .withThrowableThat()
        .withMessageContaining("silent did not report its table's positions");
  }

  @Test
  void fetchesATableAgainWhereAskingForItThrew() {
    AssociationTable one = peer("one", 5, 0);
    beforeEachPage =
        () -> {
          throw new IllegalStateException("closed");
        };
    assertThat(further(cluster -> Position.NONE, "one")).failsWithin(WAIT);

    beforeEachPage = () -> {};
    assertThat(further(cluster -> Position.NONE, "one").join()).containsExactly(one.snapshot());
  }

  @Test
  void fetchesATableOnceForAllWhoAskAtOnce() {
    peer("one", SnapshotReply.PAGE + 1, 0);
    AtomicInteger pages = new AtomicInteger();
    List<CompletableFuture<List<TableSnapshot>>> others = new ArrayList<>();
    beforeEachPage =
        () -> {
          if (pages.incrementAndGet() == 1) {
            others.add(further(cluster -> Position.NONE, "one"));
          }
        };

    List<TableSnapshot> fetched = further(cluster -> Position.NONE, "one").join();

    assertThat(others.getFirst().join()).isEqualTo(fetched);
    assertThat(pages).hasValue(2);
  }

  @Test
  void failsWhereOneThatKnowsMoreDoesNotComeWhole() {
    peer("one", 5, 0);
    wire = ENDS_TOO_EARLY;

    assertThat(further(cluster -> Position.NONE, "one")).failsWithin(WAIT);
  }

  private CompletableFuture<List<TableSnapshot>> further(
      Function<String, Position> known, String... nodeIds) {
    return further(known, false, nodeIds);
  }

  private CompletableFuture<List<TableSnapshot>> further(
      Function<String, Position> known, boolean everybody, String... nodeIds) {
    return transfer
        .further(List.of(nodeIds), cluster -> true, known, Duration.ofMillis(100), everybody)
        .toCompletableFuture()
        .orTimeout(WAIT.toSeconds(), TimeUnit.SECONDS);
  }

  private static LogEntry ofCluster(String cluster, long sequence) {
    Association like = Specs.association("cart", 1);
    return new LogEntry.Changed(
        AssociationChange.of(
            new Association(
                like.id(),
                cluster,
                like.spec(),
                like.grantedBy(),
                1,
                like.createdAt(),
                like.modifiedAt()),
            Specs.at(sequence),
            Specs.TESTER));
  }
}
