package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.localmesh.EdgeMember;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * An edge is replaced by another on the same port, under load, with a connection for each request.
 * On busy processors the new edge warms up for a minute before it listens.
 */
@Tag("alone")
@ExtendWith(FaultMesh.class)
@Tag("long")
final class EdgeHandoverScenarioIT {

  private static final int CLIENTS = 8;

  @Test
  void noRequestFailsWhileAnEdgeIsReplaced(ScenarioMesh mesh) throws Exception {
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      mesh.associate("handover", "web", "handover-web", Map.of());
      EdgeMember old = mesh.mesh().startEdge();
      String token = mesh.token(old, "handover", "web", "web-0");
      assertThat(mesh.ask(old, token).status()).isEqualTo(200);
      AtomicBoolean running = new AtomicBoolean(true);
      AtomicLong answered = new AtomicLong();
      Queue<String> failures = new ConcurrentLinkedQueue<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.execute(
            () -> {
              while (running.get()) {
                try {
                  String status = request(old.credentials(), token);
                  if (status.startsWith("HTTP/1.1 200")) {
                    answered.incrementAndGet();
                  } else {
                    failures.add(status);
                  }
                } catch (IOException e) {
                  failures.add(e.toString());
                }
              }
            });
      }
      await().until(() -> answered.get() > 2_000);

      long began = System.nanoTime();
      long before = answered.get();
      EdgeMember replacement = mesh.mesh().startEdgeBeside(old);
      long atHandover = answered.get();
      old.member().stop(Duration.ofSeconds(20));
      long afterStop = answered.get();
      await().atMost(Duration.ofSeconds(30)).until(() -> answered.get() > afterStop + 2_000);
      double perSecond = (answered.get() - before) / ((System.nanoTime() - began) / 1e9);
      running.set(false);
      clients.shutdown();

      ScenarioMesh.figure(
          "handover",
          answered
              + " answered, "
              + failures.size()
              + " failed, "
              + (afterStop - atHandover)
              + " while the old edge stopped, "
              + Math.round(perSecond)
              + " a second");
      assertThat(perSecond).isGreaterThan(500);
      assertThat(failures).isEmpty();
      assertThat(replacement.member().isAlive()).isTrue();
      assertThat(old.member().isAlive()).isFalse();
      mesh.mesh().retire(old.member());
      mesh.mesh().retire(replacement.member());
    }
  }

  /** The status line of one request on a connection of its own. */
  private static String request(URI credentials, String token) throws IOException {
    try (Socket socket = new Socket(credentials.getHost(), credentials.getPort())) {
      socket.setSoTimeout(5_000);
      socket.setTcpNoDelay(true);
      socket
          .getOutputStream()
          .write(
              ("GET /v1/credentials HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: "
                      + token
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int end = response.indexOf("\r\n");
      return end < 0 ? "no answer: '" + response + "'" : response.substring(0, end);
    }
  }
}
