package io.claviger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.localmesh.MeshOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The quick form of {@code ./claviger load all}: whether it measures, not how fast it is. */
@Tag("alone")
@Tag("long")
final class LoadScenariosIT {

  private static final Logger LOG = LoggerFactory.getLogger(LoadScenariosIT.class);

  static List<LoadScenario> scenarios() {
    return LoadScenario.all();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void everyRequestIsServedAndMeasured(LoadScenario scenario, @TempDir Path directory)
      throws InterruptedException {
    LoadResult result =
        scenario.run(
            new LoadContext(MeshOptions.in(directory.resolve("mesh")), true, 1, line -> {}));

    LOG.atInfo().addKeyValue("load", result.lines()).log("measured");
    assertThat(result.broken()).isEmpty();
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
