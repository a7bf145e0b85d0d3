package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.MeshOptions;
import io.claviger.scenario.ScenarioMesh.Answer;
import io.claviger.stsfake.QueryError;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Sessions are renewed at half of their duration. All time constants are scaled to sessions of
 * twenty seconds. The scenarios run in parallel, because they mostly wait.
 */
@Tag("alone")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("long")
final class RefreshScenarioIT {

  private static final Duration SESSION = Duration.ofSeconds(12);
  private static final Duration MIN_REMAINING = Duration.ofSeconds(2);
  private static final int FOLLOWERS = 2;

  private final ScenarioMesh mesh = ScenarioMesh.start(2, 2, RefreshScenarioIT::scaled);

  @AfterAll
  void stop() {
    mesh.close();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void sessionsFollowEachOtherLongBeforeTheirEnd() {
    mesh.sts().behaviour(ScenarioMesh.role("refresh-web")).sessionDuration(SESSION);
    mesh.associate("refresh", "web", "refresh-web", Map.of());
    Set<String> keys = new LinkedHashSet<>();

    await()
        .atMost(SESSION.multipliedBy(FOLLOWERS + 1))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              for (EdgeMember edge : mesh.mesh().edges()) {
                Answer answer = mesh.ask(edge, mesh.token(edge, "refresh", "web", "web-0"));
                assertThat(answer.status()).isEqualTo(200);
                assertThat(Instant.parse(answer.field("Expiration")))
                    .isAfter(Instant.now().plus(SESSION.dividedBy(4)));
                keys.add(answer.accessKeyId());
              }
              return keys.size() > FOLLOWERS;
            });

    long calls = mesh.sts().ledger().assumeRoleCalls(ScenarioMesh.role("refresh-web"));
    ScenarioMesh.figure(
        "refresh", keys.size() + " sessions one after the other, " + calls + " AssumeRole calls");
    // Two edges renew each session; the brokers open it once.
    assertThat(calls).as(mesh::takeovers).isEqualTo(keys.size());
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void theLiveSessionIsServedToItsEndWhileStsRefuses() {
    String role = ScenarioMesh.role("denied-web");
    mesh.sts().behaviour(role).sessionDuration(SESSION);
    mesh.associate("denied", "web", "denied-web", Map.of());
    EdgeMember edge = mesh.mesh().edge(1);
    String token = mesh.token(edge, "denied", "web", "web-0");
    Answer first = mesh.ask(edge, token);
    Instant end = Instant.parse(first.field("Expiration")).minus(MIN_REMAINING);
    mesh.sts()
        .behaviour(role)
        .failWith(QueryError.accessDenied("the broker", "sts:AssumeRole", role));

    await()
        .atMost(SESSION)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              Answer answer = mesh.ask(edge, token);
              boolean over = !Instant.now().isBefore(end.minusMillis(500));
              assertThat(over || answer.accessKeyId().equals(first.accessKeyId()))
                  .as("%s at %s of %s", answer, Instant.now(), end)
                  .isTrue();
              return over;
            });
    await().atMost(Duration.ofSeconds(10)).until(() -> mesh.ask(edge, token).status() == 403);
  }

  private static MeshOptions scaled(MeshOptions options) {
    return options
        .withBrokerSetting("issuance.min-remaining", MIN_REMAINING.toSeconds() + "s")
        .withEdgeSetting("credentials.min-remaining", MIN_REMAINING.toSeconds() + "s")
        .withEdgeSetting("credentials.alarm", "3s");
  }
}
