package io.claviger.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class OpenConnectionsTest {

  private final OpenConnections<Integer> connections = new OpenConnections<>(16, 32);
  private int last;

  private @Nullable Integer enter(String source) {
    return connections.opened(++last, source);
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
  void forgetWhatHasEnded() {
    flood(16, "a");
    connections.closed(1);
    connections.closed(1);
    connections.closed(99);

    assertThat(connections.size()).isEqualTo(15);
    assertThat(enter("a")).isNull();
    assertThat(enter("a")).isEqualTo(2);
  }

  @Test
  void closeThoseOfWhoHasProvenWhoItIsOnlyWhereNobodyElseHasMany() {
    flood(16, "a");
    for (int i = 1; i <= 16; i++) {
      connections.verified(i);
    }
    connections.verified(99);

    assertThat(flood(2, "b")).as("b has few").containsExactly(1, 2);
    assertThat(enter("b")).as("b has many").isEqualTo(17);
    assertThat(enter("c")).as("and few again").isEqualTo(3);
  }

  /** Otherwise two verified clients could take all connections. */
  @Test
  void countThoseOfWhoHasProvenWhoItIs() {
    for (int source = 0; source < 2; source++) {
      for (int i = 0; i < 16; i++) {
        enter("pod-" + source);
        connections.verified(last);
      }
    }
    assertThat(connections.size()).isEqualTo(16);

    assertThat(enter("another")).isNotNull();
    assertThat(connections.size()).isEqualTo(16);
  }

  @Test
  void closeWhoCameFirstOfManyWhoHaveOneEach() {
    for (int i = 0; i < 32; i++) {
      enter("source-" + i);
    }
    assertThat(enter("one more")).isEqualTo(1);
    assertThat(enter("and one")).isEqualTo(2);
  }

  @Test
  void closeTheBusiestSourcesNewestForAnotherSourceWhereItsOldestHasNotHadItsTime() {
    OpenConnections<Integer> young = new OpenConnections<>(8, 8, any -> false);
    for (int i = 1; i <= 8; i++) {
      assertThat(young.opened(i, "a")).isNull();
    }

    assertThat(young.opened(9, "a")).isEqualTo(9);
    assertThat(young.opened(10, "b")).isEqualTo(8);
    assertThat(young.opened(11, "a")).isEqualTo(11);
  }

  /** Otherwise, of thousands that arrive at once none would be served. */
  @Test
  void closeTheOneThatComesWhereTheOthersHaveNotHadTheirTime() {
    Set<Integer> done = new HashSet<>();
    OpenConnections<Integer> young = new OpenConnections<>(8, 8, done::contains);
    for (int i = 1; i <= 8; i++) {
      assertThat(young.opened(i, "source-" + i)).isNull();
    }

    assertThat(young.opened(9, "source-9")).isEqualTo(9);
    done.add(1);
    assertThat(young.opened(10, "source-10")).isEqualTo(1);
    assertThat(young.opened(11, "source-11")).isEqualTo(11);
    assertThat(young.size()).isEqualTo(8);
  }
}
