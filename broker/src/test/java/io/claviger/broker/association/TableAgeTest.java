package io.claviger.broker.association;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TableAgeTest {

  private Duration age = Duration.ZERO;
  private final List<Boolean> reported = new ArrayList<>();

  private TableAge bounded() {
    TableAge bounded = new TableAge(Optional.of(Duration.ofSeconds(10)), () -> age);
    bounded.listen(reported::add);
    return bounded;
  }

  @Test
  void isTooOldBeyondTheBoundAndOnlyThen() {
    TableAge bounded = bounded();

    age = Duration.ofSeconds(10);
    assertThat(bounded.tooOld()).isFalse();
    age = Duration.ofSeconds(10).plusMillis(1);
    assertThat(bounded.tooOld()).isTrue();
  }

  @Test
  void tellsOnceWhenItBeginsAndOnceWhenItIsOver() {
    TableAge bounded = bounded();

    age = Duration.ofMinutes(1);
    bounded.tooOld();
    bounded.tooOld();
    age = Duration.ZERO;
    bounded.tooOld();
    bounded.tooOld();

    assertThat(reported).containsExactly(true, false);
  }

  @Test
  void bearsAnyAgeWhereNoneIsSet() {
    TableAge unbounded = new TableAge(Optional.empty(), () -> Duration.ofDays(9));
    unbounded.listen(reported::add);

    assertThat(unbounded.tooOld()).isFalse();
    assertThat(reported).isEmpty();
  }
}
