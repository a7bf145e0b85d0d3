package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bench.AwsGate;
import io.claviger.bench.AwsGateResult;
import io.claviger.localmesh.LocalMesh;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * AWS's own gate in small, at a mesh that has just become ready: {@code ./claviger load aws-gate}
 * is the whole of it.
 */
@Tag("alone")
@Tag("long")
final class AwsGateScenarioIT {

  /** Few enough for two cores that the mesh, its clients and STS share, with one compiler. */
  private static final AwsGate.Size SIZE = new AwsGate.Size(150, 50, 10);

  @Test
  void newPodsHaveTheirCredentialsAtTheFirstTry() throws InterruptedException {
    try (ScenarioMesh mesh = ScenarioMesh.start(2, 2, UnaryOperator.identity())) {
      LocalMesh local = mesh.mesh();
      AwsGate gate = new AwsGate(local, SIZE, line -> {});
      gate.associate("small");
      Path plan = gate.plan("small");

      AwsGateResult fresh = gate.pass("fresh", plan);
      AwsGateResult again = gate.pass("again", plan);

      ScenarioMesh.figure("AwsGate", fresh);
      assertThat(fresh.served()).as(fresh::toString).isEqualTo(SIZE.pods());
      assertThat(fresh.late()).as(fresh::toString).isZero();
      assertThat(fresh.assumeRole()).as(fresh::toString).isEqualTo(SIZE.accounts());
      assertThat(again.served()).isEqualTo(SIZE.pods());
      assertThat(again.assumeRole()).isZero();
      assertThat(fresh.cpu()).containsKeys("broker", "edge", "kafka", "sts");
    }
  }
}
