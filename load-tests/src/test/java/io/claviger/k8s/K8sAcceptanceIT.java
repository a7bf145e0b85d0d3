package io.claviger.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.localmesh.ProjectLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Checks on a real cluster what the guide promises. The test runs only if {@code
 * CLAVIGER_ACCEPTANCE_KUBECONFIG} names a cluster. It ignores {@code KUBECONFIG}, which may name a
 * cluster that is in use.
 */
@Tag("alone")
final class K8sAcceptanceIT {

  private static final String CLUSTER = "CLAVIGER_ACCEPTANCE_KUBECONFIG";
  private static final String OVERLAY = "CLAVIGER_ACCEPTANCE";

  @Test
  void aClusterKeepsWhatTheGuidePromises() throws Exception {
    String cluster = System.getenv(CLUSTER);
    assumeTrue(cluster != null, "not run: " + CLUSTER + " names no cluster");
    ProcessBuilder run =
        new ProcessBuilder(
                ProjectLayout.find().top().resolve("k8s/acceptance/run.sh").toString(),
                System.getenv().getOrDefault(OVERLAY, "demo"))
            .redirectErrorStream(true);
    run.environment().put("KUBECONFIG", cluster);

    Process process = run.start();
    process.getOutputStream().close();
    List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();

    assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
    assertThat(lines).anyMatch(line -> line.startsWith("ok       nothing is left"));
  }
}
