package io.claviger.broker.association;

import static io.claviger.broker.association.Specs.association;
import static io.claviger.broker.association.Specs.at;
import static io.claviger.broker.association.Specs.changed;
import static io.claviger.broker.association.Specs.head;
import static io.claviger.broker.association.Specs.key;
import static io.claviger.broker.association.Specs.removed;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.Position;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AssociationTableTest {

  private final AssociationTable table = new AssociationTable(2);

  private AssociationTable caughtUp(LogEntry... entries) {
    for (LogEntry entry : entries) {
      table.apply(0, entry);
    }
    table.reachedEnd(0);
    return table;
  }

  @Test
  void saysWhatTheLogSaid() {
    table.apply(0, changed("cart", 1, 1));
    table.apply(0, changed("orders", 1, 2));
    table.apply(0, changed("cart", 2, 3));
    table.apply(0, removed("orders", 4));
    table.apply(0, head(4));

    assertThat(table.current(key("cart"))).contains(association("cart", 2));
    assertThat(table.current(key("orders"))).isEmpty();
    assertThat(table.size()).isEqualTo(1);
    assertThat(table.position(Specs.CLUSTER)).isEqualTo(at(4));
    assertThat(table.positions()).containsOnlyKeys(Specs.CLUSTER);
    assertThat(table.position("unknown")).isEqualTo(Position.NONE);
  }

  @Test
  void hasCaughtUpOnceEveryPartitionHasBeenReadToItsEnd() {
    assertThat(table.caughtUp()).isFalse();
    table.reachedEnd(0);
    assertThat(table.caughtUp()).isFalse();
    table.reachedEnd(1);
    assertThat(table.caughtUp()).isTrue();
  }

  @Test
  void appliesWhatItHasReachedAlreadyNotAgain() {
    caughtUp(changed("cart", 1, 1), changed("cart", 2, 2));

    assertThat(table.apply(0, changed("cart", 1, 1))).isTrue();
    assertThat(table.apply(0, head(1))).isTrue();

    assertThat(table.current(key("cart"))).contains(association("cart", 2));
    assertThat(table.position(Specs.CLUSTER)).isEqualTo(at(2));
  }

  @Test
  void takesAnotherEpochForNewerThanAnySequenceOfTheFormer() {
    caughtUp(changed("cart", 1, 90));
    LogEntry.Changed anew =
        new LogEntry.Changed(
            io.claviger.schemas.association.AssociationChange.of(
                association("cart", 3), new Position(8, 1), Specs.TESTER));

    assertThat(table.apply(0, anew)).as("nothing is missing").isFalse();
    assertThat(table.current(key("cart"))).contains(association("cart", 3));
  }

  @Test
  void findsNoGapWhileItCatchesUp() {
    assertThat(table.apply(0, changed("cart", 1, 5))).isTrue();
    assertThat(table.apply(0, changed("orders", 1, 9))).isTrue();
    assertThat(table.apply(0, head(12))).isTrue();
  }

  @Test
  void findsAGapOnceItHasCaughtUp() {
    caughtUp(changed("cart", 1, 5), head(5));

    assertThat(table.apply(0, changed("cart", 2, 6))).isTrue();
    assertThat(table.apply(0, head(6))).isTrue();
    assertThat(table.apply(0, removed("cart", 8))).isFalse();
  }

  @Test
  void findsAGapWhereAHeadCountsAChangeThatWasNotThere() {
    caughtUp(changed("cart", 1, 5), head(5));

    assertThat(table.apply(0, head(6))).isFalse();
  }

  @Test
  void findsAGapWhereAClusterBeginsInTheMiddle() {
    caughtUp();

    assertThat(table.apply(0, changed("cart", 1, 2))).isFalse();
  }

  @Test
  void findsNoGapWhereAClusterBegins() {
    caughtUp();

    assertThat(table.apply(0, changed("cart", 1, 1))).isTrue();
  }

  @Test
  void forgetsWhatASecondReadingDoesNotMeetOnlyAtItsEnd() {
    caughtUp(changed("cart", 1, 1), changed("orders", 1, 2), changed("bills", 1, 3));

    table.restart(0);
    table.apply(0, changed("orders", 1, 2));
    assertThat(table.current(key("cart"))).isPresent();
    table.apply(0, changed("bills", 2, 5));
    table.reachedEnd(0);

    assertThat(table.current(key("cart"))).isEmpty();
    assertThat(table.current(key("orders"))).isPresent();
    assertThat(table.current(key("bills"))).contains(association("bills", 2));
    assertThat(table.position(Specs.CLUSTER)).isEqualTo(at(5));
  }

  @Test
  void forgetsNothingThatTheLogHasLost() {
    caughtUp(changed("cart", 1, 1), Specs.revoked("node:n1", 2), changed("orders", 1, 3));

    table.restart(0);
    table.apply(0, changed("cart", 1, 1));
    table.reachedEnd(0);

    assertThat(table.current(key("orders"))).isPresent();
    assertThat(table.revocations().all()).hasSize(1);
    assertThat(table.position(Specs.CLUSTER)).isEqualTo(at(3));
  }

  @Test
  void forgetsNothingOfAnotherPartition() {
    caughtUp(changed("cart", 1, 1));

    table.restart(1);
    table.reachedEnd(1);

    assertThat(table.current(key("cart"))).isPresent();
  }

  @Test
  void tellsListenersEachChangeOnceInOrderWithWhatItFollows() {
    List<String> reported = new ArrayList<>();
    table.listen(
        change ->
            reported.add(
                "%s %s->%s %d after %d"
                    .formatted(
                        change.key().serviceAccount(),
                        change.before().map(a -> a.revision()).orElse(0L),
                        change.after().map(a -> a.revision()).orElse(0L),
                        change.position().sequence(),
                        change.follows().sequence())));

    caughtUp(changed("cart", 1, 1), changed("cart", 2, 2), head(2), removed("cart", 3), head(3));
    table.restart(0);
    table.apply(0, removed("cart", 3));
    table.reachedEnd(0);

    assertThat(reported)
        .containsExactly("cart 0->1 1 after 0", "cart 1->2 2 after 1", "cart 2->0 3 after 2");
  }

  @Test
  void hasAppliedAChangeBeforeItTellsOfItAndSurvivesAListenerThatFails() {
    List<Boolean> seen = new ArrayList<>();
    table.listen(
        change -> {
          throw new IllegalStateException("a listener's bug");
        });
    table.listen(
        change ->
            seen.add(
                table.current(change.key()).equals(change.after())
                    && table.position(change.key().cluster()).equals(change.position())));

    table.apply(0, changed("cart", 1, 1));

    assertThat(seen).containsExactly(true);
  }

  @Test
  void tellsOfRevocationsAndOfTheirLiftingInTheLogsOrder() {
    List<String> reported = new ArrayList<>();
    table.listenForRevocations(
        (revocation, inForce, position) ->
            reported.add(revocation.subject().text() + " " + inForce + " " + position.sequence()));

    caughtUp(
        Specs.revoked("node:n1", 1), Specs.revoked("pod:u-1", 2), Specs.restored("node:n1", 3));

    assertThat(reported).containsExactly("node:n1 true 1", "pod:u-1 true 2", "node:n1 false 3");
    assertThat(table.revocations().all()).containsExactly(Specs.revocation("pod:u-1"));
    assertThat(table.position(Specs.CLUSTER)).isEqualTo(at(3));
    assertThat(table.apply(0, changed("cart", 1, 4))).as("nothing is missing").isTrue();
  }

  @Test
  void liftsARevocationThatASecondReadingDoesNotMeet() {
    caughtUp(Specs.revoked("node:n1", 1), Specs.revoked("pod:u-1", 2));
    List<String> reported = new ArrayList<>();
    table.listenForRevocations(
        (revocation, inForce, position) ->
            reported.add(revocation.subject().text() + " " + inForce));

    table.restart(0);
    table.apply(0, Specs.revoked("pod:u-1", 2));
    table.reachedEnd(0);

    assertThat(reported).containsExactly("node:n1 false");
  }

  @Test
  void hasTheSameDigestWhateverWayItCameToIt() {
    AssociationTable other = new AssociationTable(2);
    caughtUp(changed("cart", 1, 1), changed("orders", 1, 2), removed("cart", 3));
    other.apply(0, changed("orders", 1, 2));
    other.apply(0, head(3));

    assertThat(table.snapshot().digest()).isEqualTo(other.snapshot().digest());
    other.apply(0, changed("orders", 2, 4));
    assertThat(table.snapshot().digest()).isNotEqualTo(other.snapshot().digest());
  }
}
