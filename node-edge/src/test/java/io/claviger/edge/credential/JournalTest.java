package io.claviger.edge.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class JournalTest {

  private final Journal<String> journal = new Journal<>(3);

  @Test
  void givesWhatWasAddedSinceItWasRead() {
    journal.add("a");
    long read = journal.end();
    assertThat(journal.from(read)).contains(List.of());

    journal.add("b");
    journal.add("c");

    assertThat(journal.from(read)).contains(List.of("b", "c"));
    assertThat(journal.end()).isEqualTo(3);
  }

  @Test
  void saysThatItHasForgottenWhatIsAskedFor() {
    List.of("a", "b", "c", "d").forEach(journal::add);

    assertThat(journal.from(0)).isEmpty();
    assertThat(journal.from(1)).contains(List.of("b", "c", "d"));
  }
}
