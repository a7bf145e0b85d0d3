package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.EdgeMember;
import io.claviger.scenario.ScenarioMesh.Answer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Tokens of deleted pods, in a cluster whose API server accepts brokers but no edges. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("long")
final class DeletedPodsScenarioIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final Duration REFUSED_WITHIN = Duration.ofSeconds(5);

  private final StubApiServer cluster = new StubApiServer();
  private ScenarioMesh mesh;
  private EdgeMember edge;

  @BeforeAll
  void start() {
    mesh = ScenarioMesh.start(2, 1, cluster::askedBy);
    edge = mesh.mesh().edge(1);
  }

  @AfterAll
  void stop() {
    mesh.close();
    cluster.close();
  }

  private String pod(String namespace, String name) {
    cluster.create(namespace, name);
    return mesh.token(edge, namespace, "web", name);
  }

  private void isWatched() {
    await().atMost(TIMEOUT).until(() -> cluster.watches() == 2);
  }

  private void isServed(String token, String accessKeyId) {
    assertThat(mesh.askUntilIssued(edge, token).accessKeyId()).isEqualTo(accessKeyId);
  }

  private void isRefusedAtOnce(String token) {
    await()
        .atMost(REFUSED_WITHIN)
        .untilAsserted(
            () -> {
              Answer answer = mesh.ask(edge, token);
              assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
              assertThat(answer.field("code")).isEqualTo("InvalidTokenException");
            });
  }

  /** No pod exists yet, so these requests are not TokenReviews of pods. */
  @Test
  void areOfAClusterThatEachBrokerHasAskedBeforeTheFirstPod() {
    assertThat(cluster.serviceAccountsAsked()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void areRefusedWhileTheirNeighboursGoOnWithWhatTheyShare() {
    mesh.associate("deleted", "web", "deleted-web", Map.of());
    isWatched();
    String first = pod("deleted", "web-0");
    String second = pod("deleted", "web-1");
    String shared = mesh.askUntilIssued(edge, first).accessKeyId();
    isServed(second, shared);

    cluster.delete("deleted", "web-0");

    isRefusedAtOnce(first);
    isServed(second, shared);
  }

  @Test
  void areRefusedAlsoWhenTheEdgeHasNeverSeenThemOrIsAnotherOne() {
    mesh.associate("replaced", "web", "replaced-web", Map.of());
    isWatched();
    String first = pod("replaced", "web-0");
    String second = pod("replaced", "web-1");
    String stolen = pod("replaced", "web-2");
    String shared = mesh.askUntilIssued(edge, first).accessKeyId();
    cluster.delete("replaced", "web-2");
    isRefusedAtOnce(stolen);
    isServed(second, shared);

    cluster.delete("replaced", "web-0");
    edge.member().restart(TIMEOUT);
    isServed(second, shared);

    isRefusedAtOnce(first);
    isRefusedAtOnce(stolen);
    isServed(second, shared);
  }

  @Test
  void areRefusedAlsoWhenTheyWereDeletedWhileAllBrokersWereReplaced() {
    mesh.associate("brokers", "web", "brokers-web", Map.of());
    isWatched();
    String first = pod("brokers", "web-0");
    String second = pod("brokers", "web-1");
    String fresh = pod("brokers", "web-2");
    String shared = mesh.askUntilIssued(edge, first).accessKeyId();
    isServed(second, shared);

    mesh.mesh().brokers().forEach(broker -> broker.member().stop(TIMEOUT));
    cluster.delete("brokers", "web-0");
    cluster.delete("brokers", "web-2");
    isServed(first, shared);
    mesh.mesh().brokers().forEach(broker -> broker.member().start());
    for (BrokerMember broker : mesh.mesh().brokers()) {
      broker.member().awaitReady(TIMEOUT);
    }
    await()
        .atMost(TIMEOUT)
        .until(() -> mesh.metric(edge.metrics(), "claviger_edge_upstream_connections") >= 1);

    isRefusedAtOnce(first);
    isRefusedAtOnce(fresh);
    isServed(second, shared);
  }
}
