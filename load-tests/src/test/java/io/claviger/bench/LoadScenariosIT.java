package io.claviger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.localmesh.MeshOptions;
import io.claviger.scenario.FailureReport;
import io.claviger.scenario.Scale;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The quick form of {@code ./claviger load all}, which checks that it measures, not how fast the
 * mesh is. {@code test --ci} runs only {@code hit}. All scenarios take minutes, because each starts
 * its own mesh.
 */
@Tag("alone")
@Tag("ci")
final class LoadScenariosIT {

  private static final Logger LOG = LoggerFactory.getLogger(LoadScenariosIT.class);

  static List<LoadScenario> scenarios() {
    return Scale.SAMPLE ? LoadScenario.named("hit").stream().toList() : LoadScenario.all();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void everyRequestIsServedAndMeasured(LoadScenario scenario, @TempDir Path directory)
      throws InterruptedException {
    MeshOptions options = FailureReport.watch(MeshOptions.in(directory.resolve("mesh")));
    LoadResult result = scenario.run(new LoadContext(options, true, 1, line -> {}));

    LOG.atInfo().addKeyValue("load", result.lines()).log("measured");
    assertThat(result.broken()).as("./claviger load --quick %s", scenario.name()).isEmpty();
    assertThat(result.aims()).isNotEmpty();
    assertThat(result.figures())
        .isNotEmpty()
        .allMatch(figure -> Double.isFinite(figure.value()) && figure.value() >= 0);
    assertThat(result.figures())
        .filteredOn(figure -> figure.name().equals("p99"))
        .isNotEmpty()
        .allMatch(figure -> figure.value() > 0);
    assertThat(result.charts()).allMatch(chart -> !chart.series().isEmpty());
  }
}
