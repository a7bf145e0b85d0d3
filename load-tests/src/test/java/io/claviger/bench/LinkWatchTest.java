package io.claviger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class LinkWatchTest {

  private static final long SECOND = TimeUnit.SECONDS.toMicros(1);

  private final int[] connections = {2, 2};
  private long now = 100 * SECOND;
  private final LinkWatch watch =
      new LinkWatch(List.of(() -> connections[0], () -> connections[1]), () -> now);

  private void look(long atMicros, int first, int second) {
    now = atMicros;
    connections[0] = first;
    connections[1] = second;
    watch.look();
  }

  @Test
  void seesNothingWhereNobodyHasLostABroker() {
    look(100 * SECOND, 2, 2);
    look(110 * SECOND, 2, 2);

    assertThat(watch.since(100 * SECOND)).isEqualTo(new LinkWatch.Seen(0, 0, 0));
  }

  @Test
  void saysWhenAllWereAtTwoAgainOnceTheyHaveStayedThere() {
    look(101 * SECOND, 2, 0);
    look(102 * SECOND, 1, 1);
    assertThat(watch.since(100 * SECOND)).isEqualTo(new LinkWatch.Seen(0, 2, 1));

    look(103 * SECOND, 2, 2);
    look(103 * SECOND + SECOND / 2, 2, 2);
    assertThat(watch.since(100 * SECOND).atMicros()).isZero();

    look(104 * SECOND, 2, 2);
    assertThat(watch.since(100 * SECOND)).isEqualTo(new LinkWatch.Seen(103 * SECOND, 0, 1));
  }

  @Test
  void countsNoLossOfBefore() {
    look(101 * SECOND, 1, 2);
    look(102 * SECOND, 2, 2);
    look(110 * SECOND, 2, 2);

    assertThat(watch.since(105 * SECOND).atMicros()).isZero();
  }

  @Test
  void takesTheLossThatFollowsForOneThatEndedJustThen() {
    look(105 * SECOND + 1, 1, 2);
    look(105 * SECOND + 2, 2, 2);
    look(105 * SECOND + 9, 1, 1);
    look(107 * SECOND, 2, 2);
    look(108 * SECOND, 2, 2);

    assertThat(watch.since(105 * SECOND).atMicros()).isEqualTo(107 * SECOND);
  }
}
