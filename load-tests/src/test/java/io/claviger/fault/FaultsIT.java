package io.claviger.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.claviger.localmesh.MeshOptions;
import io.claviger.localmesh.MeshPurpose;
import io.claviger.scenario.FailureReport;
import io.claviger.scenario.Scale;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The quick form of {@code ./claviger fault all}, on one mesh. {@code test --ci} runs only one
 * fault of each kind of member, because all faults take minutes: members really start and stop.
 */
@Tag("alone")
@Tag("ci")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FaultsIT {

  private static final Logger LOG = LoggerFactory.getLogger(FaultsIT.class);

  /** A broker, an edge, Kafka, STS. */
  private static final Set<String> SAMPLE =
      Set.of("broker-killed", "edge-killed", "kafka-killed", "sts-throttles");

  private final Stage stage;

  FaultsIT(@TempDir Path directory) {
    Scale.train();
    stage =
        Stage.start(
            FailureReport.watch(MeshOptions.in(directory.resolve("mesh")))
                .withMembers(2, 2)
                .withPurpose(MeshPurpose.TRYING),
            line -> {});
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  static List<Fault> faults() {
    return Faults.all().stream()
        .filter(fault -> !Scale.SAMPLE || SAMPLE.contains(fault.name()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void whatIsPromisedHolds(Fault fault) throws InterruptedException {
    assumeThat(Faults.missing(fault)).isEmpty();
    FaultResult result = FaultRun.of(stage, FaultRun.Size.QUICK, fault, fault.name());

    LOG.atInfo().addKeyValue("fault", result.line()).log("measured");
    assertThat(result.broken())
        .as("./claviger fault --quick %s: %s", fault.name(), result.complaints())
        .isEmpty();
    assertThat(result.answers()).isPositive();
    assertThat(result.fetches()).isPositive();
  }
}
