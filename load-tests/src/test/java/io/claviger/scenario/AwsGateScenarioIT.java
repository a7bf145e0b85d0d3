package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bench.Accounts;
import io.claviger.bench.LoadGenerator;
import io.claviger.bench.LoadRun;
import io.claviger.bench.LoadShape;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A small version of AWS's own gate, on a mesh that has just become ready. The full version is
 * {@code ./claviger load aws-gate}.
 */
@Tag("alone")
@Tag("long")
final class AwsGateScenarioIT {

  /** Few enough for two cores, which the mesh, its clients, STS and the JIT compiler share. */
  private static final int PODS = 150;

  private static final int ACCOUNTS = 50;
  private static final LoadShape SHAPE = LoadShape.onNewConnections(10, PODS);
  private static final long PROMISED_MICROS = TimeUnit.SECONDS.toMicros(1);

  @Test
  void newPodsHaveTheirCredentialsAtTheFirstTry() throws InterruptedException {
    try (ScenarioMesh mesh = ScenarioMesh.start(2, 2, UnaryOperator.identity());
        LoadGenerator generator = LoadGenerator.start()) {
      Accounts accounts = new Accounts(mesh.mesh());
      accounts.associate("small", ACCOUNTS);
      Path plan = accounts.onePodEach("small", ACCOUNTS, "small", PODS);
      long before = calls(mesh);

      LoadRun fresh = generator.run(plan, SHAPE);
      long opened = calls(mesh);
      LoadRun again = generator.run(plan, SHAPE);

      ScenarioMesh.figure("AwsGate", "p99.9 " + fresh.micros().getValueAtPercentile(99.9) + " us");
      assertThat(fresh.statuses()).isEqualTo(Map.of(200, (long) PODS));
      assertThat(fresh.micros().getMaxValue()).isLessThanOrEqualTo(PROMISED_MICROS);
      assertThat(opened - before).isEqualTo(ACCOUNTS);
      assertThat(again.statuses()).isEqualTo(Map.of(200, (long) PODS));
      assertThat(calls(mesh)).isEqualTo(opened);
    }
  }

  private static long calls(ScenarioMesh mesh) {
    return mesh.mesh().sts().ledger().assumeRoleCalls();
  }
}
