package io.claviger.edge.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.config.settings.SettingsLoader;
import io.claviger.edge.credential.Samples;
import io.claviger.edge.upstream.FakeBroker;
import io.claviger.edge.upstream.TestAuthority;
import io.claviger.schemas.bus.NodeEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole edge in this process, on a fake broker. */
final class EdgeIT {

  private static final List<String> METERS =
      List.of(
          "claviger_edge_requests_total{result=\"hit\"}",
          "claviger_edge_requests_total{result=\"deadline\"}",
          "claviger_edge_flights_total{result=\"issued\"}",
          "claviger_edge_refreshes_total{result=\"evicted\"}",
          "claviger_edge_association_changes_total{kind=\"after_gap\"}",
          "claviger_edge_upstream_connects_total{result=\"ok\"}",
          "claviger_edge_key_sets_total{result=\"ok\"}",
          "claviger_edge_outdated_answers_total",
          "claviger_edge_sessions_ended_total",
          "claviger_edge_upstream_hedges_total",
          "claviger_edge_upstream_lost_total",
          "claviger_edge_listen_failures_total",
          "claviger_edge_clients_cut_off_total",
          "claviger_edge_wait_seconds_count",
          "claviger_edge_flights_under_way",
          "claviger_edge_sessions",
          "claviger_edge_sessions_shortest_remaining_seconds",
          "claviger_edge_sessions_below_alarm",
          "claviger_edge_key_set_age_seconds",
          "claviger_edge_upstream_connections",
          "claviger_edge_listening");

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Edge> edges = new ArrayList<>();
  private TestAuthority authority;
  private Path token;

  @BeforeEach
  void prepare() throws Exception {
    authority = new TestAuthority();
    authority.writeTo(directory.resolve("ca.pem"));
    token = Files.writeString(directory.resolve("token"), "edge token");
  }

  @AfterEach
  void end() {
    edges.forEach(edge -> finish(edge.stop()));
    finish(vertx.close());
  }

  @Test
  void answersPodsProbesAndPrometheus() throws Exception {
    FakeBroker broker = broker(0);
    Edge edge = start(0, broker.port());

    HttpResponse<String> first = ask(edge.ports().getFirst());
    HttpResponse<String> second = ask(edge.ports().getFirst());

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(second.body()).isEqualTo(first.body()).contains("\"AccessKeyId\":\"AKIA1\"");
    assertThat(get(edge.probesPort(), "/healthz").statusCode()).isEqualTo(200);
    assertThat(get(edge.probesPort(), "/readyz").body()).isEqualTo("ready\n");
    String metrics = get(edge.metricsPort(), "/metrics").body();
    assertThat(metrics.lines().map(line -> line.replaceFirst(" [^ ]+$", ""))).containsAll(METERS);
    assertThat(metrics)
        .contains("claviger_edge_requests_total{result=\"hit\"} 1.0")
        .contains("claviger_edge_requests_total{result=\"miss\"} 1.0")
        .contains("claviger_edge_sessions 1.0")
        .contains("claviger_edge_upstream_connections 1.0")
        .doesNotContain("pod-uid");
  }

  @Test
  void isAliveButNotReadyWhileNoBrokerLetsItIn() throws Exception {
    Edge edge = start(0, freePort());

    assertThat(get(edge.probesPort(), "/healthz").statusCode()).isEqualTo(200);
    HttpResponse<String> ready = get(edge.probesPort(), "/readyz");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(ready.body()).contains("logged in at a broker").doesNotContain("listening");
    assertThat(ask(edge.ports().getFirst()).statusCode()).isEqualTo(503);
  }

  @Test
  void showsInAFileThatItIsReadyItself() throws Exception {
    Path file = Files.createFile(directory.resolve("ready"));
    int brokerPort = freePort();

    start(0, brokerPort, "management.ready-file=" + file);
    assertThat(file).doesNotExist();

    broker(brokerPort);
    await().atMost(Duration.ofSeconds(15)).until(() -> Files.exists(file));
  }

  @Test
  void leavesPodsToAnotherEdgeWhileNoBrokerLetsItInAndTakesOverThen() throws Exception {
    Edge old = start(0, broker(0).port());
    int port = old.ports().getFirst();
    assertThat(ask(port).statusCode()).isEqualTo(200);
    int brokerPort = freePort();

    Edge next = start(port, brokerPort);
    assertThat(next.ports()).containsExactly(0);
    for (int i = 0; i < 20; i++) {
      assertThat(ask(port).statusCode()).isEqualTo(200);
    }

    broker(brokerPort);
    await().atMost(Duration.ofSeconds(90)).until(() -> next.ports().getFirst() == port);
    finish(old.stop());
    edges.remove(old);
    assertThat(ask(port).statusCode()).isEqualTo(200);
    assertThat(get(next.probesPort(), "/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void tellsABrokerWhatItServedAlsoWhenItIsStoppedAtOnce() throws Exception {
    FakeBroker broker = broker(0);
    Edge edge = start(0, broker.port());

    assertThat(ask(edge.ports().getFirst()).statusCode()).isEqualTo(200);
    finish(edge.stop());
    edges.remove(edge);

    assertThat(broker.nodeEvents)
        .singleElement()
        .isInstanceOfSatisfying(
            NodeEvent.Delivered.class,
            delivered -> {
              assertThat(delivered.accessKeyId()).isEqualTo("AKIA1");
              assertThat(delivered.podUid()).isEqualTo("pod-uid");
            });
  }

  private FakeBroker broker(int port) throws Exception {
    FakeBroker broker = FakeBroker.start(vertx, authority.forLoopback(), port);
    broker.credentials =
        () -> Future.succeededFuture(Samples.issued("pod-uid", "AKIA1", Instant.now()));
    return broker;
  }

  private Edge start(int port, int brokerPort, String... more) {
    List<String> sets =
        new ArrayList<>(
            List.of(
                "node=node-1",
                "listen=127.0.0.1:" + port,
                "allow-loopback-host=true",
                "upstream.brokers=127.0.0.1:" + brokerPort,
                "upstream.ca=" + directory.resolve("ca.pem"),
                "upstream.token-file=" + token,
                "management.probes=127.0.0.1:0",
                "management.metrics=127.0.0.1:0"));
    sets.addAll(List.of(more));
    EdgeSettings settings = SettingsLoader.load(EdgeSettings.class, List.of(), Map.of(), sets);
    Edge edge = finish(Edge.start(settings));
    edges.add(edge);
    return edge;
  }

  private HttpResponse<String> ask(int port) throws Exception {
    String pod = FakeBroker.mint().token(Instant.now().minusSeconds(1)).sign();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/credentials"))
            .header("Authorization", pod)
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private HttpResponse<String> get(int port, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        BodyHandlers.ofString());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static <T> T finish(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
