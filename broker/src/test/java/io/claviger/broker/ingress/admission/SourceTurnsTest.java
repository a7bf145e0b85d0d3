package io.claviger.broker.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SourceTurnsTest {

  private final SourceTurns turns = new SourceTurns(2);
  private final List<String> begun = new ArrayList<>();

  private void enter(String source, String work) {
    turns.enter(source, () -> begun.add(work));
  }

  @Test
  void beginAtOnceWhileThereIsRoom() {
    enter("a", "a1");
    enter("a", "a2");
    enter("a", "a3");

    assertThat(begun).containsExactly("a1", "a2");
  }

  @Test
  void goFromOneSourceToTheNext() {
    for (int i = 1; i <= 6; i++) {
      enter("a", "a" + i);
    }
    enter("b", "b1");
    enter("b", "b2");
    enter("c", "c1");

    for (int i = 0; i < 7; i++) {
      turns.ended();
    }

    assertThat(begun).containsExactly("a1", "a2", "a3", "b1", "c1", "a4", "b2", "a5", "a6");
  }
}
