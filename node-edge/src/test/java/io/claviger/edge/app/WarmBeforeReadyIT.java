package io.claviger.edge.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.config.lifecycle.WarmUp;
import io.claviger.config.settings.SettingsLoader;
import io.claviger.config.trust.WarmUpTokens;
import io.claviger.edge.credential.Samples;
import io.claviger.edge.upstream.FakeBroker;
import io.claviger.edge.upstream.TestAuthority;
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
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole edge in this process, with a warm-up that lasts as long as the test requires. */
final class WarmBeforeReadyIT {

  private static final WarmUp.Bounds BOUNDS =
      new WarmUp.Bounds(
          1, Duration.ofSeconds(3), Duration.ofSeconds(4), 0, Duration.ofSeconds(75), 9);

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicLong now = new AtomicLong();
  private final CountDownLatch warmed = new CountDownLatch(1);
  private final List<Future<Edge>> edges = new ArrayList<>();
  private Path token;
  private int brokerPort;
  private EdgeSettings settings;
  private int probes;

  @BeforeEach
  void prepare() throws Exception {
    TestAuthority authority = new TestAuthority();
    authority.writeTo(directory.resolve("ca.pem"));
    token = Files.writeString(directory.resolve("token"), "edge token");
    FakeBroker broker = FakeBroker.start(vertx, authority.forLoopback(), 0);
    broker.credentials =
        () -> {
          asked.incrementAndGet();
          return Future.succeededFuture(Samples.issued("pod-uid", "AKIA1", Instant.now()));
        };
    brokerPort = broker.port();
    listenAt(0);
  }

  /** Sets the address of the next edge. */
  private void listenAt(int port) throws IOException {
    probes = freePort();
    settings =
        SettingsLoader.load(
            EdgeSettings.class,
            List.of(),
            Map.of(),
            List.of(
                "node=node-1",
                "listen=127.0.0.1:" + port,
                "allow-loopback-host=true",
                "upstream.brokers=127.0.0.1:" + brokerPort,
                "upstream.ca=" + directory.resolve("ca.pem"),
                "upstream.token-file=" + token,
                "management.probes=127.0.0.1:" + probes,
                "management.metrics=127.0.0.1:0"));
  }

  @AfterEach
  void end() {
    warmed.countDown();
    edges.forEach(edge -> finish(finish(edge).stop()));
    finish(vertx.close());
  }

  private Future<Edge> start(Callable<WarmUp.Exercise> ways) {
    return start(unused -> new WarmUp(ways, BOUNDS, now::get, nanos -> {}));
  }

  private Future<Edge> start(Function<Vertx, WarmUp> warmUp) {
    Future<Edge> started = Edge.start(settings, warmUp);
    edges.add(started);
    return started;
  }

  private void awaitWarmingUp(Future<Edge> starting) {
    await()
        .until(() -> ready().equals("not ready: listening, warmed up\n") || starting.isComplete());
    assertThat(starting.isComplete()).isFalse();
  }

  private WarmUp.Exercise slow() {
    return new WarmUp.Exercise() {
      @Override
      public void run() throws InterruptedException {
        warmed.await();
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void isReadyAndListensOnceItIsWarm() {
    Future<Edge> starting = start(this::slow);
    awaitWarmingUp(starting);

    warmed.countDown();

    assertThat(finish(starting).ports().getFirst()).isPositive();
    assertThat(ready()).isEqualTo("ready\n");
  }

  @Test
  void waitsNoLongerThanTheWarmUpMayTake() {
    Future<Edge> starting = start(this::slow);
    awaitWarmingUp(starting);

    now.set(Duration.ofMillis(4_001).toNanos());

    assertThat(finish(starting).ports().getFirst()).isPositive();
    assertThat(ready()).isEqualTo("ready\n");
  }

  @Test
  void leavesPodsToAnotherEdgeUntilItIsWarm() throws Exception {
    Edge old = finish(start(WarmBeforeReadyIT::broken));
    int port = old.ports().getFirst();

    Edge next = waitBehind(old);

    assertThat(next.ports()).containsExactly(0);
    assertThat(ask(port, "no token").statusCode()).isEqualTo(400);

    warmed.countDown();

    await().until(() -> ready().equals("ready\n"));
    assertThat(next.ports()).containsExactly(port);
  }

  @Test
  void listensAsSoonAsTheOtherEdgeIsGone() throws Exception {
    Edge old = finish(start(WarmBeforeReadyIT::broken));
    waitBehind(old);

    edges.removeFirst();
    finish(old.stop());

    await().until(() -> ready().equals("ready\n"));
  }

  @Test
  void leavesPodsToAnotherEdgeForNoLongerThanTheWarmUpMayTakeInAll() throws Exception {
    waitBehind(finish(start(WarmBeforeReadyIT::broken)));

    now.set(Duration.ofMillis(75_001).toNanos());

    await().until(() -> ready().equals("ready\n"));
  }

  /** Starts an edge that is ready but not warm, while another one listens. */
  private Edge waitBehind(Edge old) throws IOException {
    listenAt(old.ports().getFirst());
    Future<Edge> starting = start(this::slow);
    awaitWarmingUp(starting);
    now.set(Duration.ofMillis(4_001).toNanos());
    Edge next = finish(starting);
    await().until(() -> ready().equals("not ready: listening\n"));
    return next;
  }

  private static WarmUp.Exercise broken() {
    throw new IllegalStateException("broken on purpose");
  }

  @Test
  void sharesNoPortWithPodsWhereItListensBeforeTheWarmUpHasEnded() throws Exception {
    AtomicInteger own = new AtomicInteger();
    Future<Edge> starting =
        start(
            vertx ->
                new WarmUp(
                    () -> slow(EdgeWarmUp.open(settings, vertx), own),
                    BOUNDS,
                    now::get,
                    nanos -> {}));
    await().until(() -> own.get() != 0);
    now.set(Duration.ofMillis(4_001).toNanos());

    int port = finish(starting).ports().getFirst();

    assertThat(port).isNotEqualTo(own.get());
    for (int i = 0; i < 20; i++) {
      assertThat(ask(port, WarmUpTokens.rs256()).body()).contains("issuer");
    }
  }

  private WarmUp.Exercise slow(EdgeWarmUp ways, AtomicInteger port) {
    port.set(ways.port());
    return new WarmUp.Exercise() {
      @Override
      public void run() throws InterruptedException {
        warmed.await();
      }

      @Override
      public void close() throws Exception {
        ways.close();
      }
    };
  }

  @Test
  void isReadyAlsoWhereTheWarmUpFails() {
    finish(start(WarmBeforeReadyIT::broken));

    assertThat(ready()).isEqualTo("ready\n");
  }

  @Test
  void hasWarmedUpWithoutATrace() throws Exception {
    Edge started = finish(start(vertx -> EdgeWarmUp.warmUp(settings, vertx)));

    String metrics = get(started.metricsPort(), "/metrics").body();
    assertThat(metrics.lines().filter(line -> line.startsWith("claviger_edge_requests_total")))
        .isNotEmpty()
        .allMatch(line -> line.endsWith(" 0.0"));
    assertThat(metrics)
        .contains("claviger_edge_flights_total{result=\"issued\"} 0.0")
        .contains("claviger_edge_sessions 0.0")
        .contains("claviger_edge_pods_served 0.0")
        .contains("claviger_edge_audit_queued 0.0")
        .contains("claviger_edge_audit_events_total{result=\"taken\"} 0.0")
        .containsPattern("claviger_warm_up_seconds (0\\.0*[1-9]|[1-4]\\.)");
    assertThat(asked).hasValue(0);
  }

  @Test
  void refusesTheWarmUpsTokensAsThoseOfAnyForeigner() throws Exception {
    Edge started = finish(start(vertx -> EdgeWarmUp.warmUp(settings, vertx)));

    for (String token : List.of(WarmUpTokens.rs256(), WarmUpTokens.es256())) {
      HttpResponse<String> answer = ask(started.ports().getFirst(), token);
      assertThat(answer.statusCode()).isBetween(400, 401);
      assertThat(answer.body()).contains("issuer");
    }
    assertThat(asked).hasValue(0);
  }

  private HttpResponse<String> ask(int port, String token) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/credentials"))
            .header("Authorization", token)
            .build(),
        BodyHandlers.ofString());
  }

  private String ready() {
    try {
      return get(probes, "/readyz").body();
    } catch (Exception e) {
      return "";
    }
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
