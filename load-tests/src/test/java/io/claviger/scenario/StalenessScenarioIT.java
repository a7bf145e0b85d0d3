package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.Member;
import io.claviger.scenario.ScenarioMesh.Answer;
import io.claviger.schemas.event.CredentialEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** How long an edge without brokers, and a broker without Kafka, serves: {@code max-staleness}. */
@Tag("alone")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("long")
final class StalenessScenarioIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private ScenarioMesh mesh;
  private EdgeMember edge;

  @BeforeAll
  void start() {
    mesh =
        ScenarioMesh.start(
            1,
            1,
            options ->
                options
                    .withBrokerSetting("max-staleness", "4s")
                    .withEdgeSetting("max-staleness", "3s"));
    edge = mesh.mesh().edge(1);
  }

  @AfterAll
  void stop() {
    mesh.close();
  }

  @Test
  void anEdgeThatReachesNoBrokerServesNothingUntilItHasReportedWhatItCaches() {
    mesh.associate("cut-off", "web", "cut-off-web", Map.of());
    String token = mesh.token(edge, "cut-off", "web", "web-0");
    Answer before = mesh.askUntilIssued(edge, token);
    Member broker = mesh.mesh().broker(1).member();

    broker.pause();
    assertThat(mesh.ask(edge, token).accessKeyId()).isEqualTo(before.accessKeyId());
    await().atMost(TIMEOUT).until(() -> mesh.ask(edge, token).status() == 503);
    assertThat(mesh.metric(edge.metrics(), "claviger_edge_staleness_seconds")).isGreaterThan(3);

    broker.resume();
    await()
        .atMost(TIMEOUT)
        .until(() -> mesh.ask(edge, token).accessKeyId().equals(before.accessKeyId()));
    await()
        .atMost(TIMEOUT)
        .until(() -> mesh.metric(edge.metrics(), "claviger_edge_staleness_seconds") < 3);
    // The next request or the edge's check each second writes the log line.
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(edge.member().output())
                    .containsOnlyOnce("no broker has been connected for too long")
                    .contains("cached credentials are served again"));
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              assertThat(nodes(CredentialEvent.Type.STALENESS_EXCEEDED))
                  .containsExactly(edge.node());
              assertThat(nodes(CredentialEvent.Type.STALENESS_ENDED)).containsExactly(edge.node());
            });
  }

  /** The nodes of the edges that sent such an event. A broker's event has no node. */
  private List<String> nodes(CredentialEvent.Type type) {
    return AuditTrail.read(mesh, Instant.EPOCH).ofType(type).stream()
        .map(CredentialEvent::node)
        .filter(Objects::nonNull)
        .toList();
  }

  @Test
  void aBrokerThatCannotReadTheLogIssuesNothingWhileEdgesGoOnWithWhatTheyHold() {
    mesh.associate("log-away", "web", "log-away-web", Map.of());
    mesh.associate("log-away", "new", "log-away-new", Map.of());
    String cached = mesh.token(edge, "log-away", "web", "web-0");
    String fresh = mesh.token(edge, "log-away", "new", "new-0");
    assertThat(mesh.askUntilIssued(edge, cached).status()).isEqualTo(200);
    Member kafka = mesh.mesh().kafka();

    kafka.pause();
    await().atMost(TIMEOUT).until(() -> age() > 4);
    assertThat(mesh.ask(edge, fresh).status()).isEqualTo(503);
    assertThat(mesh.ask(edge, cached).status()).isEqualTo(200);

    kafka.resume();
    await().atMost(TIMEOUT).until(() -> mesh.ask(edge, fresh).status() == 200);
    assertThat(age()).isLessThan(4);
  }

  private double age() {
    return mesh.metric(mesh.mesh().broker(1).metrics(), "claviger_associations_staleness_seconds");
  }
}
