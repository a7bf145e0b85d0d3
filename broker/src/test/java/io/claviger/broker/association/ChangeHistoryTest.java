package io.claviger.broker.association;

import static io.claviger.broker.association.Specs.CLUSTER;
import static io.claviger.broker.association.Specs.at;
import static io.claviger.broker.association.Specs.changed;
import static io.claviger.broker.association.Specs.head;
import static io.claviger.broker.association.Specs.removed;
import static io.claviger.broker.association.Specs.restored;
import static io.claviger.broker.association.Specs.revoked;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.ChangeHistory.Read;
import io.claviger.schemas.association.Position;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ChangeHistoryTest {

  private final AssociationTable table = new AssociationTable(1);
  private final ChangeHistory history = new ChangeHistory(3);

  ChangeHistoryTest() {
    table.listen(history);
  }

  private List<String> after(long sequence) {
    return after(at(sequence));
  }

  private List<String> after(Position position) {
    return switch (history.after(CLUSTER, position)) {
      case Read.Expired expired -> List.of("expired");
      case Read.Changes(List<ObservedChange> changes) ->
          changes.stream()
              .map(
                  change ->
                      change.kind()
                          + " "
                          + change.association().spec().serviceAccount()
                          + " "
                          + change.position().sequence())
              .toList();
    };
  }

  @Test
  void tellsWhatHasChangedAfterAPositionInOrder() {
    table.apply(0, changed("cart", 1, 1));
    table.apply(0, changed("cart", 2, 2));
    table.apply(0, removed("cart", 3));

    assertThat(after(Position.NONE))
        .containsExactly("ADDED cart 1", "MODIFIED cart 2", "DELETED cart 3");
    assertThat(after(2)).containsExactly("DELETED cart 3");
    assertThat(after(3)).isEmpty();
  }

  @Test
  void showsWhatWasDeletedAsItWas() {
    table.apply(0, changed("cart", 4, 1));
    table.apply(0, removed("cart", 2));

    assertThat(history.after(CLUSTER, at(1)))
        .isEqualTo(
            new Read.Changes(
                List.of(
                    new ObservedChange(
                        ObservedChange.Kind.DELETED, Specs.association("cart", 4), at(2)))));
  }

  @Test
  void keepsTheLastChangesOnly() {
    for (int i = 1; i <= 5; i++) {
      table.apply(0, changed("sa-" + i, 1, i));
    }

    assertThat(after(1)).containsExactly("expired");
    assertThat(after(2)).containsExactly("ADDED sa-3 3", "ADDED sa-4 4", "ADDED sa-5 5");
  }

  @Test
  void takesRevocationsForPartsOfTheLogThatChangeNoAssociation() {
    table.apply(0, changed("cart", 1, 1));
    table.apply(0, revoked("workload:shop/cart", 2));
    table.apply(0, restored("workload:shop/cart", 3));
    table.apply(0, head(3));
    table.apply(0, changed("cart", 2, 4));

    assertThat(after(1)).containsExactly("MODIFIED cart 4");
    assertThat(after(3)).containsExactly("MODIFIED cart 4");
  }

  @Test
  void knowsNothingOfWhatWasBeforeAGap() {
    table.apply(0, changed("cart", 1, 1));
    table.apply(0, changed("orders", 1, 5));
    table.apply(0, changed("stock", 1, 6));

    assertThat(after(1)).containsExactly("expired");
    assertThat(after(4)).containsExactly("expired");
    assertThat(after(5)).containsExactly("ADDED stock 6");
  }

  @Test
  void knowsOfAGapThatARevocationOrAHeadEnds() {
    table.apply(0, changed("cart", 1, 1));
    table.apply(0, revoked("workload:shop/cart", 4));
    assertThat(after(1)).containsExactly("expired");
    assertThat(after(4)).isEmpty();

    table.apply(0, head(9));
    assertThat(after(4)).containsExactly("expired");
    table.apply(0, changed("cart", 2, 10));
    assertThat(after(9)).containsExactly("MODIFIED cart 10");
  }

  @Test
  void doesNotVouchForAPositionAtWhichAnAssociationVanishedWithoutAnEntry() {
    table.apply(0, changed("cart", 1, 1));
    table.apply(0, changed("orders", 1, 2));
    table.reachedEnd(0);
    table.restart(0);
    table.apply(0, changed("orders", 1, 2));
    table.reachedEnd(0);
    assertThat(table.current(Specs.key("cart"))).isEmpty();

    assertThat(after(2)).containsExactly("expired");
    table.apply(0, changed("stock", 1, 3));
    assertThat(after(2)).containsExactly("expired");
    assertThat(after(3)).isEmpty();
  }

  @Test
  void doesNotVouchForWhatWasTakenFromAPeer() {
    AssociationTable peer = new AssociationTable(1);
    peer.apply(0, changed("cart", 1, 1));
    peer.apply(0, removed("cart", 2));
    peer.reachedEnd(0);
    table.apply(0, changed("cart", 1, 1));

    assertThat(table.adopt(peer.snapshot(), Instant.EPOCH, cluster -> 0)).isTrue();

    assertThat(after(1)).containsExactly("expired");
  }

  @Test
  void tellsItsListenersOnceThereIsSomethingToRead() {
    AtomicInteger reported = new AtomicInteger();
    Runnable end = history.listen(CLUSTER, reported::incrementAndGet);
    table.apply(0, changed("cart", 1, 1));
    assertThat(reported).hasValue(1);

    end.run();
    table.apply(0, changed("cart", 2, 2));
    assertThat(reported).hasValue(1);
  }
}
