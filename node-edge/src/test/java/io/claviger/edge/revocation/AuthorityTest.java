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
  private final Authority authority =
      new Authority(Optional.of(Duration.ofSeconds(10)), nanos::get, turned::add);

  @Test
  void saysOnceThatItIsTooOldAndOnceThatItIsNotAnyMore() {
    authority.confirmed();
    pass(11);
    assertThat(authority.stale()).isTrue();
    assertThat(authority.stale()).isTrue();
    authority.confirmed();
    assertThat(authority.stale()).isFalse();
    assertThat(authority.stale()).isFalse();

    assertThat(turned).containsExactly(true, false);
  }

  @Test
  void saysNothingBeforeItWasEverConfirmed() {
    pass(11);

    assertThat(authority.stale()).isTrue();
    assertThat(turned).isEmpty();
  }

  private void pass(long seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }
}
