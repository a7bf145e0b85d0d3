package io.claviger.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.localmesh.MeshOptions;
import io.claviger.scenario.FailureReport;
import io.claviger.scenario.Scale;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The quick form of {@code ./claviger attack all}, on one mesh. {@code test --ci} runs only one
 * attack of each area, because all attacks take minutes: each lasts seconds, while responses to
 * other pods are timed.
 */
@Tag("alone")
@Tag("ci")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AttacksIT {

  private static final Logger LOG = LoggerFactory.getLogger(AttacksIT.class);
  private static final int INPUTS = 2_000;

  private final AttackRun run;

  AttacksIT(@TempDir Path directory) throws InterruptedException {
    Scale.train();
    MeshOptions options =
        FailureReport.watch(MeshOptions.in(directory.resolve("mesh"))).withMembers(2, 2);
    run = AttackRun.start(options, true, line -> {});
  }

  @AfterAll
  void stop() {
    run.close();
  }

  @Test
  void comeToNothing() throws InterruptedException {
    List<AttackResult> results = new ArrayList<>();
    // In order on one mesh, because the last attacks search what the others have left.
    for (Attack attack : Scale.SAMPLE ? Attacks.oneOfEachArea() : Attacks.all()) {
      AttackResult result = run.run(attack);
      LOG.atInfo().addKeyValue("attack", result.line()).log("measured");
      results.add(result);
    }

    assertThat(results)
        .allSatisfy(
            result -> {
              assertThat(result.broken())
                  .as("./claviger attack --quick %s: %s", result.attack(), result.complaints())
                  .isEmpty();
              assertThat(result.refused()).isEqualTo(result.tried()).isPositive();
              assertThat(result.permitted()).isPositive();
            });
    assertThat(results.stream().mapToLong(AttackResult::tried).sum())
        .isGreaterThan(Scale.SAMPLE ? 0 : INPUTS);
  }
}
