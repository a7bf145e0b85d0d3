package io.claviger.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.localmesh.MeshOptions;
import io.claviger.localmesh.ProjectLayout;
import io.claviger.scenario.FailureReport;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code ./claviger fault --self-test}, which checks that the checker detects errors. Each broken
 * build needs its own mesh, and load until an answer is in flight during a change.
 */
@Tag("long")
final class BrokenBuildIT {

  static List<BrokenBuild> builds() {
    return BrokenBuild.all();
  }

  @ParameterizedTest
  @MethodSource("builds")
  void isFoundOut(BrokenBuild broken, @TempDir Path directory) throws InterruptedException {
    Path build = broken.make(ProjectLayout.find(), directory.resolve("build"));
    MeshOptions options =
        FailureReport.watch(MeshOptions.in(directory.resolve("mesh")))
            .withMembers(2, 2)
            .withBuild("broker", build)
            .withBuild("node-edge", build);

    assertThat(broken.seenIn(options, line -> {})).isPositive();
  }
}
