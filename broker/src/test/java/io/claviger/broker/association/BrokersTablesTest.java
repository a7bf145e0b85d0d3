package io.claviger.broker.association;

import static io.claviger.broker.association.Specs.CLUSTER;
import static io.claviger.broker.association.Specs.changed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.schemas.bus.SnapshotReply;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class BrokersTablesTest {

  private static final InstantSource CLOCK = InstantSource.fixed(Specs.NOW);

  private final AssociationTable own = new AssociationTable(1);
  private final AssociationTable others = new AssociationTable(1);
  private final LogState log = new LogState();
  private boolean fails;
  private boolean silent;

  private List<TableSnapshot> further() {
    SnapshotHandler other = new SnapshotHandler(others, CLOCK);
    SnapshotTransfer transfer =
        new SnapshotTransfer(
            (nodeId, request) -> {
              if (silent) {
                return new CompletableFuture<>();
              }
              SnapshotReply reply =
                  fails && request.digest() != null
                      ? new SnapshotReply.Changed()
                      : other.answer(request);
              return CompletableFuture.completedFuture(reply);
            },
            CLOCK,
            Runnable::run);
    return new BrokersTables(own, Set.of(CLUSTER), () -> List.of("other"), transfer)
        .further(log, CLUSTER::equals);
  }

  private static void caughtUpTo(AssociationTable table, int changes) {
    for (int i = 1; i <= changes; i++) {
      table.apply(0, changed("sa-" + i, 1, i));
    }
    table.reachedEnd(0);
    table.confirmed(Specs.NOW);
  }

  @Test
  void areNoneWhereTheLogHasEverything() {
    caughtUpTo(own, 2);
    caughtUpTo(others, 3);
    for (int i = 1; i <= 3; i++) {
      log.apply(changed("sa-" + i, 1, i));
    }

    assertThat(further()).isEmpty();
  }

  @Test
  void areThoseOfOthersForABrokerThatHasReadAnEmptyLog() {
    caughtUpTo(own, 0);
    caughtUpTo(others, 3);

    assertThat(further()).containsExactly(others.snapshot());
  }

  @Test
  void areThoseOfOthersThatKnowMoreThanThisBrokersOwn() {
    caughtUpTo(own, 2);
    caughtUpTo(others, 3);

    assertThat(further()).containsExactly(own.snapshot(), others.snapshot());
  }

  @Test
  void areThisBrokersOwnWhereNoOtherKnowsMore() {
    caughtUpTo(own, 3);
    caughtUpTo(others, 3);

    assertThat(further()).containsExactly(own.snapshot());
  }

  @Test
  void areGoneWithoutWhereTheLogHasChangesAndTheOtherIsSilent() {
    silent = true;
    log.apply(changed("sa-1", 1, 1));

    assertThat(further()).isEmpty();
  }

  @Test
  void areNotGoneWithoutWhereTheLogHasNoneAndTheOtherIsSilent() {
    silent = true;

    assertThatThrownBy(this::further).hasMessageContaining("did not report its table's positions");
  }

  @Test
  void areNotGoneWithoutWhereOneThatKnowsMoreDoesNotComeWhole() {
    caughtUpTo(others, 3);
    fails = true;

    assertThatThrownBy(this::further).hasMessageContaining("changed meanwhile");
  }
}
