package io.claviger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bench.LoadResult.Aim;
import io.claviger.bench.LoadResult.Figure;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LoadResultTest {

  @Test
  void printsFiguresAimsAndWhatIsBroken() {
    LoadResult result =
        new LoadResult(
            "hit",
            "an edge",
            List.of(Aim.atLeast("ratio", 0.95, 0.95), Aim.atMost("p99, at a rate,", 2, "ms", 2.01)),
            List.of(
                new Figure("edge", "requests", 70_123.4, "/s"),
                new Figure("edge", "p50", 0.5, "ms")),
            List.of(),
            List.of("1 request was not served"));

    assertThat(result.lines())
        .containsExactly(
            "hit: an edge",
            "  edge" + " ".repeat(37) + "requests 70,123 /s, p50 0.50 ms",
            "  aim met    ratio at least 0.95: 0.95",
            "  aim MISSED p99, at a rate, at most 2 ms: 2.01",
            "  BROKEN 1 request was not served");
  }

  @Test
  void saysWhyAScenarioCouldNotBeMeasured() {
    assertThat(LoadResult.failed(new HitScenario(), "broker-1 ended with code 1").lines())
        .containsExactly(
            "hit: " + new HitScenario().what(),
            "  BROKEN it could not be measured: broker-1 ended with code 1");
  }

  @Test
  void takesTheMiddleOfRounds() {
    assertThat(LoadResult.median(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
    assertThat(LoadResult.median(List.of(1.0, 4.0))).isEqualTo(2.5);
  }
}
