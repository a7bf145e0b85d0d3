package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.localmesh.EdgeMember;
import io.claviger.scenario.ScenarioMesh.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests while STS is slow. */
@Tag("alone")
@ExtendWith(SharedMesh.class)
final class SlowStsScenarioIT {

  @Test
  void aPodIsAnsweredWithinASecondAndTheLateSessionIsKept(ScenarioMesh mesh) {
    mesh.associate("slow", "web", "slow-web", Map.of());
    EdgeMember edge = mesh.mesh().edge(1);
    String role = ScenarioMesh.role("slow-web");
    mesh.sts().behaviour(role).latency(Duration.ofMillis(1500));
    String token = mesh.token(edge, "slow", "web", "web-0");

    Answer first = mesh.ask(edge, token);

    assertThat(first.status()).isEqualTo(503);
    assertThat(first.took()).isBetween(Duration.ofMillis(500), Duration.ofMillis(999));
    await().atMost(Duration.ofSeconds(10)).until(() -> mesh.ask(edge, token).status() == 200);
    Answer again = mesh.ask(edge, token);
    assertThat(again.status()).isEqualTo(200);
    assertThat(mesh.sts().ledger().assumeRoleCalls(role)).isEqualTo(1);
  }

  @Test
  void aClientThatHangsUpCancelsNothing(ScenarioMesh mesh) throws IOException {
    mesh.associate("hangup", "web", "hangup-web", Map.of());
    EdgeMember edge = mesh.mesh().edge(1);
    String role = ScenarioMesh.role("hangup-web");
    mesh.sts().behaviour(role).latency(Duration.ofMillis(700));
    String token = mesh.token(edge, "hangup", "web", "web-0");

    askAndHangUp(edge.credentials(), token);

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> !mesh.sts().ledger().assumedRoles(role).isEmpty());
    await().atMost(Duration.ofSeconds(10)).until(() -> mesh.ask(edge, token).status() == 200);
    assertThat(mesh.sts().ledger().assumeRoleCalls(role)).isEqualTo(1);
  }

  @Test
  void aSessionWhoseAssociationChangedWhileStsWorkedIsKeptNowhere(ScenarioMesh mesh) {
    mesh.associate("moved", "web", "moved-old", Map.of());
    String oldRole = ScenarioMesh.role("moved-old");
    mesh.sts().behaviour(oldRole).latency(Duration.ofMillis(500));
    List<EdgeMember> edges = mesh.mesh().edges();
    List<CompletableFuture<Answer>> asked =
        edges.stream()
            .map(
                edge ->
                    CompletableFuture.supplyAsync(
                        () -> mesh.ask(edge, mesh.token(edge, "moved", "web", "web-0"))))
            .toList();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> mesh.sts().ledger().assumeRoleCalls(oldRole) > 0);

    mesh.associate("moved", "web", "moved-new", Map.of());
    List<Answer> during = asked.stream().map(CompletableFuture::join).toList();

    for (EdgeMember edge : edges) {
      String token = mesh.token(edge, "moved", "web", "web-1");
      await().atMost(Duration.ofSeconds(10)).until(() -> mesh.ask(edge, token).status() == 200);
      assertThat(role(mesh, mesh.ask(edge, token))).isEqualTo(ScenarioMesh.role("moved-new"));
      assertThat(role(mesh, mesh.ask(edge, mesh.token(edge, "moved", "web", "web-0"))))
          .isEqualTo(ScenarioMesh.role("moved-new"));
    }
    assertThat(during)
        .filteredOn(answer -> answer.status() == 200)
        .allSatisfy(
            answer -> assertThat(role(mesh, answer)).isEqualTo(ScenarioMesh.role("moved-new")));
  }

  private static String role(ScenarioMesh mesh, Answer answer) {
    return mesh.sts().ledger().issuedAs(answer.accessKeyId()).orElseThrow().roleArn();
  }

  private static void askAndHangUp(URI credentials, String token) throws IOException {
    try (Socket socket = new Socket(credentials.getHost(), credentials.getPort())) {
      OutputStream out = socket.getOutputStream();
      String request =
          "GET /v1/credentials HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: " + token + "\r\n\r\n";
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
  }
}
