package io.claviger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class CpuUsageTest {

  @Test
  void tellsWhatThisProcessHasTakenByKindOfThread() {
    CpuUsage use = CpuUsage.of(ProcessHandle.current().pid());

    // The JIT compiler of every test JVM has run.
    assertThat(use.millis()).containsKeys("JIT", "other");
    assertThat(use.total()).isPositive();
  }

  @Test
  void isNothingForAProcessThatIsNotThere() {
    assertThat(CpuUsage.of(Long.MAX_VALUE).total()).isZero();
  }

  @Test
  void isWhatCameBetweenTwoLooks() {
    CpuUsage before = new CpuUsage(Map.of("JIT", 100L));
    CpuUsage after = new CpuUsage(Map.of("JIT", 250L, "SDK", 30L));

    assertThat(after.since(before).millis()).isEqualTo(Map.of("JIT", 150L, "SDK", 30L));
    assertThat(after.plus(before).millis()).isEqualTo(Map.of("JIT", 350L, "SDK", 30L));
  }
}
