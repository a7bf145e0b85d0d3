package io.claviger.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
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
  void areFullForEverybodyOnceAllIsTaken() {
    Shares three = new Shares(3, 2);
    assertThat(three.take("a", 2)).isTrue();
    assertThat(three.full()).isFalse();

    assertThat(three.take("b", 1)).isTrue();

    assertThat(three.full()).isTrue();
    assertThat(three.take("c", 1)).isFalse();
  }

  @Test
  void areNeverExceededHoweverManyTakeAtOnce() {
    AtomicLong granted = new AtomicLong();
    AtomicLong most = new AtomicLong();

    IntStream.range(0, 20_000)
        .parallel()
        .forEach(
            number -> {
              String source = "s-" + number % 4;
              if (shares.take(source, 1)) {
                most.accumulateAndGet(granted.incrementAndGet(), Math::max);
                granted.decrementAndGet();
                shares.release(source, 1);
              }
            });

    assertThat(most.get()).isBetween(1L, 10L);
    assertThat(shares.taken()).isZero();
    assertThat(shares.take("s-0", 5)).as("its whole share is there again").isTrue();
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
