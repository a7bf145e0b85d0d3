package io.claviger.edge.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.workload.TestClock;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.AssociationChanged;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.Sync;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AssociationChangesTest {

  private static final AssociationKey WEB = new AssociationKey("c1", "app1", "web");

  private final MinPositions minPositions =
      new MinPositions(100, new TestClock(Instant.parse("2026-11-24T12:00:00Z")));
  private final List<String> done = new ArrayList<>();
  private final AssociationChanges changes =
      new AssociationChanges(minPositions, new Recorded(), kind -> done.add(kind.name()));

  private final class Recorded implements CacheInvalidation {
    @Override
    public void forget(AssociationKey key, Position position, long revision) {
      assertThat(minPositions.permits(key, new Position(1, position.sequence() - 1)))
          .as("the least position is raised before anything is forgotten")
          .isFalse();
      done.add(
          "forget " + key.serviceAccount() + " before " + position.sequence() + " but " + revision);
    }

    @Override
    public void forgetRevision(AssociationKey key, String associationId, long revision) {
      done.add("forget " + associationId + " at " + revision);
    }
  }

  @Test
  void forgetsWhatIsOlderThanAChangeThatFollowsTheLastOne() {
    PushSequence sequence = new PushSequence(at(4));

    changes.apply(sequence, changed(at(5), at(4), 2));
    changes.apply(sequence, changed(at(6), at(5), 0));

    assertThat(done)
        .containsExactly(
            "forget web before 5 but 2", "IN_ORDER", "forget web before 6 but 0", "IN_ORDER");
  }

  @Test
  void sayThatThereWasAGapAndSpareNoRevision() {
    PushSequence sequence = new PushSequence(at(4));

    AssociationChanges.Kind kind = changes.apply(sequence, changed(at(7), at(6), 2));

    assertThat(kind).isEqualTo(AssociationChanges.Kind.AFTER_GAP);
    assertThat(done).containsExactly("forget web before 7 but -1", "AFTER_GAP");
  }

  @Test
  void forgetsWhatABrokerContradictsAndWhatIsOlderThanItsAnswer() {
    changes.apply(new Sync.Known(WEB, "a-1", 2), at(7));

    assertThat(done).containsExactly("forget web before 7 but -1", "forget a-1 at 2", "BY_SYNC");
    assertThat(minPositions.newest()).isEqualTo(at(7));
  }

  @Test
  void forgetsARefusalThatABrokerContradicts() {
    changes.apply(Sync.Known.refused(WEB), at(7));

    assertThat(done).containsExactly("forget web before 7 but -1", "BY_SYNC");
  }

  @Test
  void isInOrderAgainAfterAGap() {
    PushSequence sequence = new PushSequence(at(4));
    changes.apply(sequence, changed(at(7), at(6), 2));
    done.clear();

    changes.apply(sequence, changed(at(8), at(7), 3));

    assertThat(done).containsExactly("forget web before 8 but 3", "IN_ORDER");
  }

  @Test
  void keepsTheConnectionsApart() {
    PushSequence one = new PushSequence(at(4));
    PushSequence other = new PushSequence(at(4));

    changes.apply(one, changed(at(5), at(4), 2));
    changes.apply(other, changed(at(5), at(4), 2));

    assertThat(done).filteredOn(text -> text.equals("IN_ORDER")).hasSize(2);
  }

  private static AssociationChanged changed(Position position, Position follows, long revision) {
    return new AssociationChanged(BusProtocol.VERSION, WEB, revision, position, follows);
  }

  private static Position at(long sequence) {
    return new Position(1, sequence);
  }
}
