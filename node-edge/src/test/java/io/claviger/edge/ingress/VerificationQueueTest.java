package io.claviger.edge.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class VerificationQueueTest {

  private final Queue<Runnable> turns = new ArrayDeque<>();
  private final VerificationQueue verifications = new VerificationQueue(turns::add);
  private final List<Integer> verified = new ArrayList<>();
  private final List<Integer> refused = new ArrayList<>();
  private int lateUpTo = -1;

  private void add(int number) {
    add(number, "10.0.0." + number % 4);
  }

  private void add(int number, String source) {
    verifications.add(
        new VerificationQueue.Unverified() {
          @Override
          public String source() {
            return source;
          }

          @Override
          public boolean isLate() {
            return number <= lateUpTo;
          }

          @Override
          public void verify() {
            verified.add(number);
          }

          @Override
          public void refuse() {
            refused.add(number);
          }
        });
  }

  private void addAll(int from, int to) {
    IntStream.range(from, to).forEach(this::add);
  }

  @Test
  void areDoneAtOnceWhileTheyAreFew() {
    addAll(0, VerificationQueue.A_TURN);
    turns.remove().run();
    addAll(8, 16);

    assertThat(verified).containsExactlyElementsOf(IntStream.range(0, 16).boxed().toList());
  }

  @Test
  void waitForLaterTurnsNewestFirstWhereTheyAreMany() {
    addAll(0, 20);
    assertThat(verified).hasSize(8);

    turns.remove().run();
    assertThat(verified.subList(8, 16)).containsExactly(19, 18, 17, 16, 15, 14, 13, 12);

    turns.remove().run();
    assertThat(verified.subList(16, 20)).containsExactly(11, 10, 9, 8);
    assertThat(turns).isEmpty();
    assertThat(refused).isEmpty();
  }

  @Test
  void ofOneSourceTakeHalfOfThePlacesAtMost() {
    addAll(0, VerificationQueue.A_TURN);
    for (int i = 0; i < VerificationQueue.MOST; i++) {
      add(1_000 + i, "10.9.9.9");
    }
    assertThat(refused)
        .hasSize(VerificationQueue.MOST / 2)
        .startsWith(1_000 + VerificationQueue.MOST / 2);

    addAll(8, 16);
    turns.remove().run();

    // The other source's requests are the newest, and none of them was refused.
    assertThat(verified).contains(8, 9, 10, 11, 12, 13, 14, 15);
    turns.remove().run();
    add(5_000, "10.9.9.9");
    assertThat(refused).hasSize(VerificationQueue.MOST / 2);
  }

  @Test
  void areNotDoneForWhoIsTooLate() {
    addAll(0, 30);
    lateUpTo = 28;

    turns.remove().run();

    assertThat(verified.subList(8, verified.size())).containsExactly(29);
    assertThat(refused).containsExactlyElementsOf(IntStream.range(8, 29).boxed().toList());
    assertThat(turns).isEmpty();
  }

  @Test
  void areRefusedToTheOldestWhereTooManyWait() {
    addAll(0, 8 + VerificationQueue.MOST + 3);

    assertThat(refused).containsExactly(8, 9, 10);
    assertThat(verified).hasSize(8);
  }
}
