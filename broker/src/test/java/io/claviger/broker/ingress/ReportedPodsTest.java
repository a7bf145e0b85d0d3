package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReportedPodsTest {

  private static final UUID ONE = new UUID(7, 1);
  private static final UUID TWO = new UUID(7, 2);
  private static final UUID THREE = new UUID(7, 3);

  @Test
  void areReportedOnceWhicheverIsMore() {
    ReportedPods pods = new ReportedPods();
    pods.add(ONE);
    pods.add(TWO);

    assertThat(pods.remove(Set.of(ONE))).containsExactly(ONE);
    assertThat(pods.remove(Set.of(ONE))).isEmpty();
    assertThat(pods.remove(Set.of(ONE, TWO, THREE))).containsExactly(TWO);
  }

  @Test
  void areAllOnceThereAreTooMany() {
    ReportedPods pods = new ReportedPods(1);
    pods.add(ONE);
    pods.add(TWO);

    assertThat(pods.remove(Set.of(THREE))).containsExactly(THREE);
  }
}
