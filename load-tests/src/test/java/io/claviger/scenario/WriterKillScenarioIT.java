package io.claviger.scenario;

import static io.claviger.scenario.ScenarioMesh.atOnce;
import static io.claviger.scenario.ScenarioMesh.figure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.localmesh.BrokerMember;
import io.claviger.scenario.Eks.Created;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociationSummary;

/** Five clients create each association through three brokers while the writer is killed. */
@Tag("alone")
@Timeout(900)
@Tag("long")
final class WriterKillScenarioIT {

  private static final int RIVALS = 5;
  private static final int WORKLOADS = 100;
  private static final int KILLS = Scale.of(2, 10);
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  /** The acknowledged ids of one run, by service account. */
  private final Map<String, String> winners = new HashMap<>();

  @Test
  void oneOfFiveRivalsWinsEachWorkloadAndNothingIsLostWhenTheWriterIsKilled() {
    try (ScenarioMesh mesh = ScenarioMesh.start(3, 0, UnaryOperator.identity());
        Eks eks = new Eks(mesh)) {
      Tables tables = new Tables(mesh);
      long started = System.nanoTime();
      contest(eks, "calm", WORKLOADS);
      figure("500 creates of 100 workloads", (System.nanoTime() - started) / 1_000_000 + " ms");
      assertThat(tables.equal(mesh.mesh().brokers()).size()).isEqualTo(WORKLOADS);

      List<String> probes = killWriters(mesh, eks);

      Set<String> acknowledged = new HashSet<>(winners.values());
      assertThat(acknowledged).hasSize(2 * WORKLOADS).doesNotContainAnyElementsOf(probes);
      assertThat(probes).doesNotHaveDuplicates();
      acknowledged.addAll(probes);
      assertThat(tables.equal(mesh.mesh().brokers()).size()).isEqualTo(acknowledged.size());
      for (BrokerMember broker : mesh.mesh().brokers()) {
        assertThat(listed(eks, broker)).containsExactlyInAnyOrderElementsOf(acknowledged);
      }
    }
  }

  private List<String> killWriters(ScenarioMesh mesh, Eks eks) {
    LogWriters writers = new LogWriters(mesh, eks.cluster());
    List<Long> pauses = new ArrayList<>();
    try (WriteProbe probe = WriteProbe.start(eks)) {
      for (int kill = 0; kill < KILLS; kill++) {
        String round = "kill-" + kill;
        BrokerMember victim = writers.current();
        probe.longestPause();
        CompletableFuture<Void> contest =
            CompletableFuture.runAsync(() -> contest(eks, round, WORKLOADS / KILLS));
        victim.member().kill();
        await().atMost(TIMEOUT).until(() -> !writers.current().equals(victim));
        contest.join();
        pauses.add(probe.longestPause().toMillis());
        victim.member().start();
        victim.member().awaitReady(TIMEOUT);
      }
      figure("milliseconds without a writer, each kill", pauses);
      assertThat(pauses).allMatch(pause -> pause < 5_000);
      return probe.stop();
    }
  }

  /** Creates all at once. Each loser gets the id of the winner's association. */
  private void contest(Eks eks, String namespace, int workloads) {
    List<Created> results =
        atOnce(workloads * RIVALS, i -> eks.decide(i, namespace, namespace + "-" + i / RIVALS));
    for (int workload = 0; workload < workloads; workload++) {
      List<Created> rivals = results.subList(workload * RIVALS, (workload + 1) * RIVALS);
      List<String> won = ids(rivals);
      assertThat(won).as("winners of %s", workload).hasSize(1);
      assertThat(rivals)
          .filteredOn(Created.Taken.class::isInstance)
          .hasSize(RIVALS - 1)
          .allSatisfy(
              taken ->
                  assertThat(((Created.Taken) taken).message())
                      .isEqualTo("Association already exists: " + won.getFirst()));
      winners.put(namespace + "-" + workload, won.getFirst());
    }
  }

  private static List<String> ids(Collection<Created> results) {
    return results.stream()
        .filter(Created.Won.class::isInstance)
        .map(won -> ((Created.Won) won).id())
        .toList();
  }

  private static List<String> listed(Eks eks, BrokerMember broker) {
    return eks
        .of(broker)
        .listPodIdentityAssociationsPaginator(request -> request.clusterName(eks.cluster()))
        .associations()
        .stream()
        .map(PodIdentityAssociationSummary::associationId)
        .toList();
  }
}
