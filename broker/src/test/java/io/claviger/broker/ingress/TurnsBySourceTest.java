package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TurnsBySourceTest {

  private final List<Integer> late = new ArrayList<>();
  private int overUpTo = -1;
  private final TurnsBySource<Integer> turns =
      new TurnsBySource<>(number -> number <= overUpTo, late::add);

  private List<Integer> take(int most) {
    List<Integer> taken = new ArrayList<>();
    while (taken.size() < most) {
      Integer next = turns.next();
      if (next == null) {
        return taken;
      }
      taken.add(next);
    }
    return taken;
  }

  @Test
  void takeTheNewestFirst() {
    IntStream.range(0, 4).forEach(number -> turns.add("one", number));

    assertThat(take(3)).containsExactly(3, 2, 1);
    turns.add("one", 4);
    assertThat(turns.size()).isEqualTo(2);
    assertThat(take(9)).containsExactly(4, 0);
    assertThat(turns.size()).isZero();
    assertThat(late).isEmpty();
  }

  @Test
  void loseNoTurnWhereACallbackThrows() {
    var turns =
        new TurnsBySource<Integer>(
            number -> number < 1,
            number -> {
              throw new IllegalStateException("a bug");
            });
    IntStream.range(0, 3).forEach(number -> turns.add("one", number));

    assertThatIllegalStateException().isThrownBy(turns::next);

    assertThat(turns.next()).isEqualTo(2);
    assertThat(turns.next()).isEqualTo(1);
    assertThat(turns.size()).isZero();
  }

  @Test
  void letNobodyWaitForOneThatAsksALot() {
    IntStream.range(0, 1_000).forEach(number -> turns.add("floods", number));
    turns.add("one", 1_000);
    turns.add("other", 1_001);

    assertThat(take(4)).containsExactly(999, 1_000, 1_001, 998);
  }

  @Test
  void dropWhatNobodyWaitsForAsSoonAsItsSourceHasItsTurn() {
    IntStream.range(0, 5).forEach(number -> turns.add("one", number));
    overUpTo = 2;

    assertThat(take(1)).containsExactly(4);
    assertThat(late).containsExactly(0, 1, 2);
    assertThat(turns.size()).isEqualTo(1);

    overUpTo = 3;
    assertThat(take(1)).isEmpty();
    assertThat(late).containsExactly(0, 1, 2, 3);
    assertThat(turns.size()).isZero();
  }

  @Test
  void giveNoTurnToWhatIsTooLateBehindOneThatWaitsForLonger() {
    turns.add("one", 9);
    turns.add("one", 1);
    turns.add("one", 2);
    overUpTo = 2;

    assertThat(take(3)).containsExactly(9);
    assertThat(late).containsExactly(2, 1);
    assertThat(turns.size()).isZero();
  }

  @Test
  void goOnWithTheNextSourceWhereAllOfOneIsTooLate() {
    turns.add("one", 0);
    turns.add("other", 1);
    overUpTo = 0;

    assertThat(take(2)).containsExactly(1);
    assertThat(late).containsExactly(0);
  }
}
