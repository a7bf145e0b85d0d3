package io.claviger.edge.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class AuthorityTest {

  private final AtomicLong nanos = new AtomicLong();
  private final List<Boolean> turned = new ArrayList<>();
  private final StalenessGuard staleness =
      new StalenessGuard(Optional.of(Duration.ofSeconds(10)), nanos::get, turned::add);

  @Test
  void saysOnceThatItIsTooOldAndOnceThatItIsNotAnyMore() {
    staleness.confirmed();
    pass(11);
    assertThat(staleness.stale()).isTrue();
    assertThat(staleness.stale()).isTrue();
    staleness.confirmed();
    assertThat(staleness.stale()).isFalse();
    assertThat(staleness.stale()).isFalse();

    assertThat(turned).containsExactly(true, false);
  }

  @Test
  void saysNothingBeforeItWasEverConfirmed() {
    pass(11);

    assertThat(staleness.stale()).isTrue();
    assertThat(turned).isEmpty();
  }

  private void pass(long seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }
}
