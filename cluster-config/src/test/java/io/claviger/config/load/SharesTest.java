package io.claviger.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SharesTest {

  private final Shares shares = Shares.halves(10);

  @Test
  void leaveHalfToTheOthersWhoeverComesFirst() {
    assertThat(shares.take("a", 4)).isTrue();
    assertThat(shares.take("a", 2)).isFalse();
    assertThat(shares.take("a", 1)).isTrue();

    assertThat(shares.take("b", 3)).isTrue();
    assertThat(shares.take("c", 3)).as("ten in all").isFalse();
    assertThat(shares.taken()).isEqualTo(8);
  }

  @Test
  void giveBackWhatIsOver() {
    shares.take("a", 5);

    shares.release("a", 2);

    assertThat(shares.take("a", 3)).isFalse();
    assertThat(shares.take("a", 2)).isTrue();
    shares.release("a", 5);
    assertThat(shares.taken()).isZero();
  }
}
