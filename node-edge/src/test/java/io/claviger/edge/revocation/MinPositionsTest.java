package io.claviger.edge.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.workload.TestClock;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class MinPositionsTest {

  private static final AssociationKey WEB = new AssociationKey("c1", "app1", "web");
  private static final AssociationKey DB = new AssociationKey("c1", "app1", "db");

  private final TestClock clock = new TestClock(Instant.parse("2026-11-24T12:00:00Z"));
  private final MinPositions minPositions = new MinPositions(100, clock);

  @Test
  void permitNothingThatWasAnsweredBeforeTheChange() {
    minPositions.raise(WEB, new Position(1, 5));

    assertThat(minPositions.permits(WEB, new Position(1, 4))).isFalse();
    assertThat(minPositions.permits(WEB, new Position(1, 5))).isTrue();
    assertThat(minPositions.permits(WEB, new Position(2, 0))).isTrue();
  }

  @Test
  void concernTheServiceAccountThatChangedAndNoOther() {
    minPositions.raise(WEB, new Position(1, 5));

    assertThat(minPositions.permits(DB, new Position(1, 4))).isTrue();
  }

  @Test
  void areNotLoweredByALateChange() {
    minPositions.raise(WEB, new Position(1, 5));

    minPositions.raise(WEB, new Position(1, 3));

    assertThat(minPositions.permits(WEB, new Position(1, 4))).isFalse();
    assertThat(minPositions.newest()).isEqualTo(new Position(1, 5));
  }

  @Test
  void knowTheNewestPositionOfAll() {
    minPositions.saw(new Position(1, 7));
    minPositions.raise(WEB, new Position(1, 9));
    minPositions.saw(new Position(1, 8));

    assertThat(minPositions.newest()).isEqualTo(new Position(1, 9));
  }

  @Test
  void areForgottenWhenNoAnswerCanStillBeUnderWay() {
    minPositions.raise(WEB, new Position(1, 5));

    clock.advance(Duration.ofMinutes(10));

    assertThat(minPositions.permits(WEB, new Position(1, 4))).isTrue();
    assertThat(minPositions.newest()).isEqualTo(new Position(1, 5));
  }
}
