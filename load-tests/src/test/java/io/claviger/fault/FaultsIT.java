package io.claviger.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.claviger.localmesh.MeshOptions;
import io.claviger.localmesh.MeshPurpose;
import io.claviger.scenario.Scale;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The quick form of {@code ./claviger fault all}. */
@Tag("alone")
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FaultsIT {

  private static final Logger LOG = LoggerFactory.getLogger(FaultsIT.class);

  private final Stage stage;

  FaultsIT(@TempDir Path directory) {
    Scale.train();
    stage = Stage.start(options(directory.resolve("mesh")), line -> {});
  }

  private static MeshOptions options(Path directory) {
    return MeshOptions.in(directory).withMembers(2, 2).withPurpose(MeshPurpose.TRYING);
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  static List<Fault> faults() {
    return Faults.all();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void whatIsPromisedHolds(Fault fault) throws InterruptedException {
    assumeThat(Faults.missing(fault)).isEmpty();
    FaultResult result = FaultRun.of(stage, FaultRun.Size.QUICK, fault, fault.name());

    LOG.atInfo().addKeyValue("fault", result.line()).log("measured");
    assertThat(result.broken()).as("%s", result.complaints()).isEmpty();
    assertThat(result.answers()).isPositive();
    assertThat(result.fetches()).isPositive();
  }
}
