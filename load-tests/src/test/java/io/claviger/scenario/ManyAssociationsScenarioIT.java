package io.claviger.scenario;

import static io.claviger.scenario.ScenarioMesh.figure;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.localmesh.BrokerMember;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.eks.model.ListPodIdentityAssociationsResponse;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociationSummary;

/** Ten thousand associations: the start of a new broker, and the completeness of lists. */
@Tag("alone")
@Timeout(300)
@Tag("long")
final class ManyAssociationsScenarioIT {

  private static final int ASSOCIATIONS = Scale.of(600, 10_000);
  private static final int PAGE = 100;
  private static final Duration MORE_TO_READ = Duration.ofSeconds(5);

  @Test
  void aNewBrokerReadsThemInFiveSecondsAndListsAreWholeWhileOthersWrite() {
    try (ScenarioMesh mesh = ScenarioMesh.start(2, 0, UnaryOperator.identity());
        Eks eks = new Eks(mesh)) {
      Tables tables = new Tables(mesh);
      Duration withNothing = startBroker(mesh);
      // Otherwise this broker would still warm up during the start of the second one.
      mesh.mesh().retire(mesh.mesh().broker(3).member());
      Set<String> names = fill(mesh);
      Tables.Status full = tables.equal(mesh.mesh().brokers());
      assertThat(full.size()).isEqualTo(ASSOCIATIONS);

      Duration withAll = startBroker(mesh);
      figure(
          "new broker ready with 0 and with " + ASSOCIATIONS + " associations",
          withNothing.toMillis() + " ms, " + withAll.toMillis() + " ms");
      assertThat(withAll.minus(withNothing)).isLessThan(MORE_TO_READ);
      BrokerMember newcomer = mesh.mesh().broker(3);
      assertThat(tables.of(newcomer).digest()).isEqualTo(full.digest());

      listWhileOthersWrite(eks, newcomer, names);
      tables.equal(mesh.mesh().brokers());
    }
  }

  private static Duration startBroker(ScenarioMesh mesh) {
    long started = System.nanoTime();
    mesh.mesh().startBroker();
    return Duration.ofNanos(System.nanoTime() - started);
  }

  /** Creates the associations by commands, as an import does. The API takes one at a time. */
  private static Set<String> fill(ScenarioMesh mesh) {
    long started = System.nanoTime();
    List<String> names = IntStream.range(0, ASSOCIATIONS).mapToObj(i -> "many-" + i).toList();
    mesh.associate(
        names.stream().map(name -> ScenarioMesh.document("many", name, "many", Map.of())).toList());
    figure(
        ASSOCIATIONS + " associations applied", (System.nanoTime() - started) / 1_000_000 + " ms");
    return Set.copyOf(names);
  }

  /** The list has each earlier association once. It may lack those that are written meanwhile. */
  private static void listWhileOthersWrite(Eks eks, BrokerMember broker, Set<String> names) {
    try (WriteProbe writing = WriteProbe.start(eks)) {
      List<ListPodIdentityAssociationsResponse> pages =
          eks
              .of(broker)
              .listPodIdentityAssociationsPaginator(
                  request -> request.clusterName(eks.cluster()).maxResults(PAGE))
              .stream()
              .toList();
      int written = writing.stop().size();
      List<String> listed =
          pages.stream()
              .flatMap(page -> page.associations().stream())
              .map(PodIdentityAssociationSummary::serviceAccount)
              .toList();

      assertThat(pages).hasSizeGreaterThanOrEqualTo(ASSOCIATIONS / PAGE);
      assertThat(listed).doesNotHaveDuplicates().containsAll(names);
      assertThat(listed)
          .filteredOn(name -> !names.contains(name))
          .hasSizeLessThanOrEqualTo(written)
          .allMatch(name -> name.startsWith("probe-"));
      assertThat(written).isPositive();
      figure(pages.size() + " pages listed", written + " associations written meanwhile");
    }
  }
}
