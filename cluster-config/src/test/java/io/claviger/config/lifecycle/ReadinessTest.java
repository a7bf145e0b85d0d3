package io.claviger.config.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class ReadinessTest {

  private final Readiness readiness = new Readiness();

  @Test
  void missesNothingWhenNothingIsRequired() {
    assertThat(readiness.missing()).isEmpty();
  }

  @Test
  void namesWhatDoesNotHoldNowInOrder() {
    AtomicBoolean kafka = new AtomicBoolean();
    readiness.require("table", () -> false);
    readiness.require("kafka", kafka::get);
    readiness.require("keys", () -> true);

    assertThat(readiness.missing()).containsExactly("kafka", "table");
    kafka.set(true);
    assertThat(readiness.missing()).containsExactly("table");
  }

  @Test
  void replacesAConditionOfTheSameName() {
    readiness.require("table", () -> false);
    readiness.require("table", () -> true);

    assertThat(readiness.missing()).isEmpty();
  }
}
