package io.claviger.mesh.scenario;

import static io.claviger.mesh.scenario.ScenarioMesh.atOnce;
import static io.claviger.mesh.scenario.ScenarioMesh.figure;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.mesh.BrokerMember;
import io.claviger.mesh.scenario.Eks.Created;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.eks.model.ListPodIdentityAssociationsResponse;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociationSummary;

/** Ten thousand associations: how long a new broker reads, and whether lists are whole. */
@Timeout(300)
final class ManyAssociationsScenarioIT {

  private static final int ASSOCIATIONS = 10_000;
  private static final int CALLERS = 200;
  private static final int PAGE = 100;
  private static final Duration MORE_TO_READ = Duration.ofSeconds(5);

  @Test
  void aNewBrokerReadsThemInFiveSecondsAndListsAreWholeWhileOthersWrite() {
    try (ScenarioMesh mesh = ScenarioMesh.start(2, 0, UnaryOperator.identity());
        Eks eks = new Eks(mesh)) {
      Tables tables = new Tables(mesh);
      Duration withNothing = startBroker(mesh);
      Set<String> ids = fill(eks);
      Tables.Status full = tables.equal(mesh.mesh().brokers());
      assertThat(full.size()).isEqualTo(ASSOCIATIONS);

      Duration withAll = startBroker(mesh);
      figure(
          "new broker ready with 0 and with 10,000 associations",
          withNothing.toMillis() + " ms, " + withAll.toMillis() + " ms");
      assertThat(withAll.minus(withNothing)).isLessThan(MORE_TO_READ);
      BrokerMember newcomer = mesh.mesh().broker(4);
      assertThat(tables.of(newcomer).digest()).isEqualTo(full.digest());

      listWhileOthersWrite(eks, newcomer, ids);
      tables.equal(mesh.mesh().brokers());
    }
  }

  private static Duration startBroker(ScenarioMesh mesh) {
    long started = System.nanoTime();
    mesh.mesh().startBroker();
    return Duration.ofNanos(System.nanoTime() - started);
  }

  private static Set<String> fill(Eks eks) {
    long started = System.nanoTime();
    Set<String> ids = new HashSet<>();
    atOnce(
            CALLERS,
            caller ->
                IntStream.range(0, ASSOCIATIONS / CALLERS)
                    .mapToObj(i -> "many-" + caller + "-" + i)
                    .map(name -> ((Created.Won) eks.decide(caller, "many", name)).id())
                    .toList())
        .forEach(ids::addAll);
    figure("10,000 creates", (System.nanoTime() - started) / 1_000_000 + " ms");
    assertThat(ids).hasSize(ASSOCIATIONS);
    return ids;
  }

  /** Of what others write none needs be in the list, of what was there before all, once. */
  private static void listWhileOthersWrite(Eks eks, BrokerMember broker, Set<String> ids) {
    try (WriteProbe writing = WriteProbe.start(eks)) {
      List<ListPodIdentityAssociationsResponse> pages =
          eks
              .of(broker)
              .listPodIdentityAssociationsPaginator(
                  request -> request.clusterName(eks.cluster()).maxResults(PAGE))
              .stream()
              .toList();
      List<String> written = writing.stop();
      List<String> listed =
          pages.stream()
              .flatMap(page -> page.associations().stream())
              .map(PodIdentityAssociationSummary::associationId)
              .toList();

      assertThat(pages).hasSizeGreaterThanOrEqualTo(ASSOCIATIONS / PAGE);
      assertThat(written).isNotEmpty();
      assertThat(listed).doesNotHaveDuplicates().containsAll(ids);
      Set<String> known = new HashSet<>(ids);
      known.addAll(written);
      assertThat(known).containsAll(listed);
      figure("100 pages listed", written.size() + " associations written meanwhile");
    }
  }
}
