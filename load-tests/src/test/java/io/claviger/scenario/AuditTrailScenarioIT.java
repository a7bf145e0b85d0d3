package io.claviger.scenario;

import static io.claviger.scenario.ScenarioMesh.figure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.EdgeMember;
import io.claviger.scenario.ScenarioMesh.Answer;
import io.claviger.schemas.event.CredentialEvent;
import io.claviger.schemas.event.OpenedSession;
import io.claviger.schemas.event.ServedFrom;
import io.claviger.stsfake.AssumedRole;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The audit stream names every pod that received an access key id, as CloudTrail has it. This
 * includes pods that received it while no broker was available.
 */
@Tag("alone")
@Timeout(120)
@ExtendWith(FaultMesh.class)
@Tag("long")
final class AuditTrailScenarioIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @Test
  void namesEveryPodThatWasHandedAnAccessKeyAlsoWhileAllBrokersWereAway(ScenarioMesh mesh) {
    Instant begin = Instant.now();
    long started = System.nanoTime();
    EdgeMember edge = mesh.mesh().edge(1);
    EdgeMember other = mesh.mesh().edge(2);
    mesh.associate("trail", "cart", "trail-cart", Map.of());
    Answer first = mesh.askUntilIssued(edge, mesh.token(edge, "trail", "cart", "cart-1"));
    Answer second = mesh.askUntilIssued(other, mesh.token(other, "trail", "cart", "cart-2"));
    String key = first.accessKeyId();
    assertThat(second.accessKeyId()).isEqualTo(key);

    mesh.mesh().brokers().forEach(broker -> broker.member().stop(TIMEOUT));
    Answer third = mesh.ask(edge, mesh.token(edge, "trail", "cart", "cart-3"));
    assertThat(third.accessKeyId()).isEqualTo(key);
    assertThat(mesh.metric(edge.metrics(), "claviger_edge_audit_queued "))
        .isGreaterThanOrEqualTo(1);
    mesh.mesh().brokers().forEach(broker -> broker.member().start());
    mesh.mesh().brokers().stream()
        .map(BrokerMember::member)
        .forEach(member -> member.awaitReady(TIMEOUT));
    long back = System.nanoTime();

    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(delivered(mesh, begin, key)).hasSize(3));
    figure("reported after brokers were back, ms", (System.nanoTime() - back) / 1_000_000);
    assertThat(delivered(mesh, begin, key))
        .extracting(CredentialEvent::podName, CredentialEvent::node, CredentialEvent::servedFrom)
        .containsExactlyInAnyOrder(
            tuple("cart-1", edge.node(), ServedFrom.BROKER),
            tuple("cart-2", other.node(), ServedFrom.BROKER),
            tuple("cart-3", edge.node(), ServedFrom.MEMORY));
    figure("three pods and an outage, ms", (System.nanoTime() - started) / 1_000_000);
    AuditTrail trail = AuditTrail.read(mesh, begin);
    issuanceIsWhatStsDid(mesh, trail, key);
    for (Answer answer : List.of(first, second, third)) {
      assertThat(trail.text())
          .contains(key)
          .doesNotContain(answer.field("SecretAccessKey"))
          .doesNotContain(answer.field("Token"));
    }
  }

  private static List<CredentialEvent> delivered(ScenarioMesh mesh, Instant begin, String key) {
    return of(AuditTrail.read(mesh, begin).ofType(CredentialEvent.Type.DELIVERED), key);
  }

  private static void issuanceIsWhatStsDid(ScenarioMesh mesh, AuditTrail trail, String key) {
    AssumedRole call = mesh.sts().ledger().issuedAs(key).orElseThrow();
    CredentialEvent issued = of(trail.ofType(CredentialEvent.Type.ISSUED), key).getFirst();
    OpenedSession session = Objects.requireNonNull(issued.session());

    assertThat(of(trail.ofType(CredentialEvent.Type.ISSUED), key)).hasSize(1);
    assertThat(issued.stsRequestId()).isEqualTo(call.requestId());
    assertThat(issued.sessionName()).isEqualTo(call.sessionName());
    assertThat(issued.roleArn()).isEqualTo(call.roleArn());
    assertThat(session.tags()).isEqualTo(call.tags());
    assertThat(session.durationSeconds())
        .isBetween(call.durationSeconds() - 5L, (long) call.durationSeconds());
    assertThat(session.packedPolicySize()).isPositive();
  }

  private static List<CredentialEvent> of(List<CredentialEvent> events, String key) {
    return events.stream().filter(event -> key.equals(event.accessKeyId())).toList();
  }
}
