package io.claviger.broker.association;

import static io.claviger.broker.association.Specs.association;
import static io.claviger.broker.association.Specs.at;
import static io.claviger.broker.association.Specs.changed;
import static io.claviger.broker.association.Specs.head;
import static io.claviger.broker.association.Specs.key;
import static io.claviger.broker.association.Specs.removed;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.AssociationTable.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AdoptedTableTest {

  private static final Instant THEN = Specs.NOW.minusSeconds(60);

  private final AssociationTable peer = new AssociationTable(2);
  private final AssociationTable table = new AssociationTable(2);

  @BeforeEach
  void fillThePeer() {
    peer.apply(1, changed("cart", 2, 3));
    peer.apply(1, changed("orders", 1, 4));
    peer.apply(1, head(5));
    peer.reachedEnd(0);
    peer.reachedEnd(1);
  }

  private boolean adopt() {
    return table.adopt(peer.snapshot(), THEN, cluster -> 1);
  }

  @Test
  void saysWhatThePeerSaid() {
    assertThat(adopt()).isTrue();

    assertThat(table.caughtUp()).isTrue();
    assertThat(table.source()).isEqualTo(Source.PEER);
    assertThat(table.asOf()).contains(THEN);
    assertThat(table.current(key("cart"))).contains(association("cart", 2));
    assertThat(table.position(Specs.CLUSTER)).isEqualTo(at(5));
    assertThat(table.snapshot().digest()).isEqualTo(peer.snapshot().digest());
  }

  @Test
  void honoursWhatIsRevokedThere() {
    peer.apply(1, Specs.revoked("workload:shop/cart", 6));
    List<String> reported = new ArrayList<>();
    table.listenForRevocations(
        (revocation, inForce, position) ->
            reported.add(revocation.subject().text() + " " + inForce));

    adopt();

    assertThat(table.revocations().ofAssociation(association("cart", 2))).isPresent();
    assertThat(reported).containsExactly("workload:shop/cart true");
  }

  @Test
  void liftsARevocationThatTheLogDoesNotHave() {
    peer.apply(1, Specs.revoked("workload:shop/cart", 6));
    adopt();

    table.restart(1);
    table.apply(1, Specs.head(6));
    table.reachedEnd(1);

    assertThat(table.revocations().all()).isEmpty();
  }

  @Test
  void keepsItsAgeUntilTheLogHasBeenRead() {
    adopt();

    table.confirmed(Specs.NOW);
    assertThat(table.asOf()).contains(THEN);
    table.reachedEnd(0);
    table.reachedEnd(1);
    table.confirmed(Specs.NOW);

    assertThat(table.source()).isEqualTo(Source.LOG);
    assertThat(table.asOf()).contains(Specs.NOW);
  }

  @Test
  void isReadOnceMoreFromTheLogAndLosesWhatIsGoneThere() {
    adopt();

    table.restart(0);
    table.restart(1);
    table.apply(1, changed("orders", 1, 4));
    assertThat(table.current(key("cart"))).isPresent();
    table.apply(1, changed("bills", 1, 6));
    table.reachedEnd(0);
    table.reachedEnd(1);

    assertThat(table.current(key("cart"))).isEmpty();
    assertThat(table.current(key("orders"))).isPresent();
    assertThat(table.position(Specs.CLUSTER)).isEqualTo(at(6));
  }

  @Test
  void isNotAdoptedWhereTheLogHasBeenRead() {
    table.reachedEnd(0);
    table.reachedEnd(1);

    assertThat(adopt()).isFalse();
    assertThat(table.size()).isZero();
  }

  @Test
  void isNotAdoptedWhereMoreIsKnown() {
    table.apply(1, changed("cart", 3, 6));

    assertThat(adopt()).isFalse();
    assertThat(table.current(key("cart"))).contains(association("cart", 3));
  }

  @Test
  void replacesWhatAReadingHadBegunWith() {
    table.apply(1, changed("gone", 1, 1));
    List<String> reported = new ArrayList<>();
    table.listen(
        change ->
            reported.add(
                change.key().serviceAccount()
                    + " "
                    + change.after().isPresent()
                    + " "
                    + change.position().sequence()));

    assertThat(adopt()).isTrue();

    assertThat(table.current(key("gone"))).isEmpty();
    assertThat(reported).containsExactlyInAnyOrder("cart true 5", "orders true 5", "gone false 5");
  }

  @Test
  void showsASnapshotThatDoesNotChange() {
    TableSnapshot before = peer.snapshot();
    assertThat(peer.snapshot()).isSameAs(before);

    peer.apply(1, removed("cart", 6));

    assertThat(before.associations()).hasSize(2);
    assertThat(peer.snapshot().associations()).hasSize(1);
    assertThat(peer.snapshot().digest()).isNotEqualTo(before.digest());
  }
}
