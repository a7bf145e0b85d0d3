package io.claviger.scenario;

import static io.claviger.scenario.ScenarioMesh.figure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.TokenRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A new broker gets the same associations as its peers, from Kafka or from a peer. Brokers start
 * five times in turn, which takes a minute.
 */
@Tag("alone")
@Timeout(180)
@Tag("long")
final class TableFromPeerScenarioIT {

  private static final int ASSOCIATIONS = 500;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @Test
  void aBrokerHasTheTableOfItsPeersAfterARestartAndAlsoWhenItStartsWhileKafkaIsAway() {
    try (ScenarioMesh mesh = ScenarioMesh.start(2, 0, UnaryOperator.identity())) {
      Tables tables = new Tables(mesh);
      mesh.associate(
          IntStream.range(0, ASSOCIATIONS)
              .mapToObj(i -> ScenarioMesh.document("kept", "sa-" + i, "kept-" + i, Map.of()))
              .toList());
      Tables.Status before = tables.equal(mesh.mesh().brokers());
      assertThat(before.size()).isEqualTo(ASSOCIATIONS);

      mesh.mesh().broker(2).member().restart(TIMEOUT);
      assertThat(tables.of(mesh.mesh().broker(2)).digest()).isEqualTo(before.digest());
      assertThat(tables.of(mesh.mesh().broker(2)).source()).isEqualTo("log");

      mesh.mesh().kafka().stop(TIMEOUT);
      long started = System.nanoTime();
      BrokerMember late = mesh.mesh().startBroker();
      Duration took = Duration.ofNanos(System.nanoTime() - started);

      Tables.Status taken = tables.of(late);
      figure("broker started without Kafka", "ready after " + took.toMillis() + " ms");
      assertThat(taken.source()).isEqualTo("peer");
      assertThat(taken.digest()).isEqualTo(before.digest());
      assertThat(taken.ageMillis()).isGreaterThan(500);
      assertThat(mesh.metric(late.metrics(), "claviger_associations_adopted ")).isEqualTo(1);

      servesAlone(mesh);

      mesh.mesh().kafka().start();
      mesh.mesh().kafka().awaitReady(TIMEOUT);
      tables.awaitSource(late, "log");
      mesh.mesh().brokers().subList(0, 2).forEach(other -> other.member().start());
      mesh.mesh().brokers().forEach(other -> other.member().awaitReady(TIMEOUT));
      assertThat(tables.equal(mesh.mesh().brokers()).digest()).isEqualTo(before.digest());
    }
  }

  /** Only the broker that got its table from a peer still runs. */
  private static void servesAlone(ScenarioMesh mesh) {
    EdgeMember edge = mesh.mesh().startEdge();
    mesh.mesh().brokers().subList(0, 2).forEach(other -> other.member().kill());
    List<String> tokens =
        IntStream.range(0, 20).mapToObj(i -> mesh.token(edge, "kept", "sa-" + i, "pod")).toList();
    for (String token : tokens) {
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(mesh.ask(edge, token).status()).isEqualTo(200));
    }
    TokenRequest nobody = TokenRequest.ofPod("kept", "nobody", "pod", edge.node());
    assertThat(mesh.ask(edge, mesh.mesh().token(nobody.withAge(Duration.ofMinutes(2)))).status())
        .isEqualTo(404);
  }
}
