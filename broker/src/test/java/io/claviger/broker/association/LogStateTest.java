package io.claviger.broker.association;

import static io.claviger.broker.association.Specs.NOW;
import static io.claviger.broker.association.Specs.association;
import static io.claviger.broker.association.Specs.at;
import static io.claviger.broker.association.Specs.changed;
import static io.claviger.broker.association.Specs.head;
import static io.claviger.broker.association.Specs.key;
import static io.claviger.broker.association.Specs.removed;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.Position;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LogStateTest {

  private final LogState state = new LogState();

  private static AssociationOutcome outcome(String token, String code, Instant decidedAt) {
    return new AssociationOutcome(
        1, Specs.CLUSTER, token, "hash", decidedAt, new Refused(code, "no"), Position.NONE);
  }

  @Test
  void findsAnAssociationByServiceAccountAndById() {
    state.apply(changed("cart", 1, 1));

    assertThat(state.find(key("cart"))).contains(association("cart", 1));
    assertThat(state.find(Specs.CLUSTER, "a-cart")).contains(association("cart", 1));
    assertThat(state.find("other", "a-cart")).isEmpty();
    assertThat(state.size(Specs.CLUSTER)).isEqualTo(1);
  }

  @Test
  void forgetsARemovedAssociationInBothWays() {
    state.apply(changed("cart", 1, 1));
    state.apply(removed("cart", 2));

    assertThat(state.find(key("cart"))).isEmpty();
    assertThat(state.find(Specs.CLUSTER, "a-cart")).isEmpty();
    assertThat(state.size(Specs.CLUSTER)).isZero();
    assertThat(state.head(Specs.CLUSTER)).isEqualTo(at(2));
  }

  @Test
  void keepsTheFurthestPositionAsTheHeadOfEachCluster() {
    state.apply(head(9));
    state.apply(changed("cart", 1, 3));

    assertThat(state.head(Specs.CLUSTER)).isEqualTo(at(9));
    assertThat(state.head("other")).isEqualTo(Position.NONE);
  }

  @Test
  void letsTheLastOutcomeOfATokenStandForADay() {
    state.apply(outcome("t", "First", NOW));
    state.apply(outcome("t", "Second", NOW));

    Instant last = NOW.plus(LogState.REMEMBERED).minusMillis(1);
    assertThat(state.outcome(Specs.CLUSTER, "t", last)).contains(outcome("t", "Second", NOW));
    assertThat(state.outcome(Specs.CLUSTER, "t", last.plusMillis(1))).isEqualTo(Optional.empty());
    assertThat(state.outcome("other", "t", NOW)).isEmpty();
  }

  @Test
  void remembersTheLastHundredThousandOutcomes() {
    for (int i = 0; i <= 100_000; i++) {
      state.apply(outcome("t" + i, "Code", NOW));
    }

    assertThat(state.outcome(Specs.CLUSTER, "t0", NOW)).isEmpty();
    assertThat(state.outcome(Specs.CLUSTER, "t1", NOW)).isPresent();
    assertThat(state.outcome(Specs.CLUSTER, "t100000", NOW)).isPresent();
  }
}
