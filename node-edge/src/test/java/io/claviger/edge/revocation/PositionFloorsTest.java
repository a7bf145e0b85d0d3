package io.claviger.edge.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.workload.TestClock;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class PositionFloorsTest {

  private static final AssociationKey WEB = new AssociationKey("c1", "app1", "web");
  private static final AssociationKey DB = new AssociationKey("c1", "app1", "db");

  private final TestClock clock = new TestClock(Instant.parse("2026-11-24T12:00:00Z"));
  private final PositionFloors floors = new PositionFloors(100, clock);

  @Test
  void permitNothingThatWasAnsweredBeforeTheMove() {
    floors.raise(WEB, new Position(1, 5));

    assertThat(floors.permits(WEB, new Position(1, 4))).isFalse();
    assertThat(floors.permits(WEB, new Position(1, 5))).isTrue();
    assertThat(floors.permits(WEB, new Position(2, 0))).isTrue();
  }

  @Test
  void concernTheServiceAccountThatMovedAndNoOther() {
    floors.raise(WEB, new Position(1, 5));

    assertThat(floors.permits(DB, new Position(1, 4))).isTrue();
  }

  @Test
  void areNotLoweredByALateMove() {
    floors.raise(WEB, new Position(1, 5));

    floors.raise(WEB, new Position(1, 3));

    assertThat(floors.permits(WEB, new Position(1, 4))).isFalse();
    assertThat(floors.newest()).isEqualTo(new Position(1, 5));
  }

  @Test
  void knowTheNewestPositionOfAll() {
    floors.saw(new Position(1, 7));
    floors.raise(WEB, new Position(1, 9));
    floors.saw(new Position(1, 8));

    assertThat(floors.newest()).isEqualTo(new Position(1, 9));
  }

  @Test
  void areForgottenWhenNoAnswerCanStillBeUnderWay() {
    floors.raise(WEB, new Position(1, 5));

    clock.advance(Duration.ofMinutes(10));

    assertThat(floors.permits(WEB, new Position(1, 4))).isTrue();
    assertThat(floors.newest()).isEqualTo(new Position(1, 5));
  }
}
