package io.claviger.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class UnverifiedConnectionsTest {

  private final UnverifiedConnections<Integer> connections = new UnverifiedConnections<>(16, 32);
  private int last;

  private @Nullable Integer enter(String source) {
    return connections.entered(++last, source);
  }

  private List<Integer> flood(int count, String source) {
    List<Integer> closed = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Integer victim = enter(source);
      if (victim != null) {
        closed.add(victim);
      }
    }
    return closed;
  }

  @Test
  void letOneSourceHaveHalfWhileNobodyElseComes() {
    assertThat(flood(16, "a")).isEmpty();
    assertThat(enter("a")).as("the oldest goes for the seventeenth").isEqualTo(1);
    assertThat(connections.size()).isEqualTo(16);
  }

  @Test
  void closeTheBusiestSourcesOldestForWhoeverComes() {
    flood(16, "a");

    assertThat(enter("b")).isEqualTo(1);
    assertThat(enter("c")).isEqualTo(2);
    assertThat(flood(1_000, "a")).hasSize(1_000).doesNotContain(17, 18);
  }

  @Test
  void letManySourcesInUntilThereIsNoRoom() {
    for (int i = 0; i < 32; i++) {
      assertThat(enter("source-" + i)).isNull();
    }
    assertThat(enter("one more")).isNotNull();
    assertThat(connections.size()).isEqualTo(32);
  }

  @Test
  void countWhoHasProvenWhoItIsNoMore() {
    flood(16, "a");
    connections.left(1);
    connections.left(1);
    connections.left(99);

    assertThat(connections.size()).isEqualTo(15);
    assertThat(enter("a")).isNull();
    assertThat(enter("a")).isEqualTo(2);
  }
}
