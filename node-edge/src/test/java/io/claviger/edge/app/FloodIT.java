package io.claviger.edge.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.edge.credential.Samples;
import io.claviger.edge.upstream.FakeBroker;
import io.claviger.edge.upstream.TestAuthority;
import io.claviger.edge.workload.TokenMint;
import io.claviger.schemas.bus.CredentialReply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process as shipped, with its own heap, and far more new pods than it can serve. */
@Tag("ci")
final class FloodIT {

  private static final int PODS = 6_000;
  private static final int PODS_PER_SECOND = 3_000;

  /**
   * A client that finds no place in the kernel's queue retries after one second, three and seven.
   */
  private static final int TIMEOUT_MS = 20_000;

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private FakeBroker broker;
  private Process edge;
  private int port;

  @BeforeEach
  void start() throws Exception {
    TestAuthority authority = new TestAuthority();
    authority.writeTo(directory.resolve("ca.pem"));
    Files.writeString(directory.resolve("token"), "edge token");
    broker = FakeBroker.start(vertx, authority.forLoopback());
    port = freePort();
    edge =
        new ProcessBuilder(command())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    await().atMost(Duration.ofSeconds(60)).until(() -> log().contains("node-edge started"));
  }

  @AfterEach
  void end() throws Exception {
    edge.destroyForcibly().waitFor();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void anEdgeSurvivesMoreNewPodsThanItCanServeAndLeavesNoneWithoutAnAnswer() throws Exception {
    List<String> tokens =
        Stream.iterate(0, number -> number + 1)
            .limit(PODS)
            .parallel()
            .map(number -> token("uid-" + number))
            .toList();

    List<String> answers = flood(tokens);

    assertThat(edge.isAlive()).as("the edge's log: %s", log()).isTrue();
    assertThat(answers)
        .filteredOn(answer -> !answer.equals("503"))
        .as("the edge's log: %s", log())
        .hasSizeLessThan(PODS / 100);

    broker.credentials =
        () -> Future.succeededFuture(Samples.issued("last-uid", "AKIA1", Instant.now()));
    await().atMost(Duration.ofSeconds(10)).until(() -> ask(0, token("last-uid")).equals("200"));
  }

  /**
   * Clients of four addresses open connections as fast as they can. Some send half a head and wait.
   * The others send a token that this edge cannot verify, and no broker answers for it.
   */
  @Test
  void aPodIsAnsweredAtOnceWhileStrangersTakeAllConnectionsThatTheyCanGet() throws Exception {
    broker.credentials =
        () -> Future.succeededFuture(Samples.issued("the-pod", "AKIA1", Instant.now()));
    String known = token("the-pod");
    assertThat(ask(0, known)).isEqualTo("200");
    broker.credentials = () -> Promise.<CredentialReply>promise().future();
    String unknown =
        new TokenMint("unknown").token(Instant.now().minusSeconds(1)).pod("x".repeat(8_400)).sign();
    String half = request(unknown).substring(0, 12_000);

    AtomicBoolean over = new AtomicBoolean();
    List<Long> millis = new ArrayList<>();
    try (ExecutorService strangers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int number = 0; number < 1_200; number++) {
        int stranger = number;
        strangers.submit(
            () -> {
              while (!over.get()) {
                hold("127.0.9." + (1 + stranger % 4), stranger % 2 == 0 ? half : request(unknown));
              }
            });
      }
      try {
        for (int i = 0; i < 50; i++) {
          long before = System.nanoTime();
          assertThat(ask(0, known)).as("the edge's log: %s", log()).isEqualTo("200");
          millis.add((System.nanoTime() - before) / 1_000_000);
        }
      } finally {
        over.set(true);
      }
    }

    assertThat(edge.isAlive()).as("the edge's log: %s", log()).isTrue();
    Collections.sort(millis);
    // An SDK waits for a second. In this test all clients share the processors with the edge.
    assertThat(millis.get(millis.size() / 2)).as("of %s", millis).isLessThan(900);
  }

  /** Connects, sends, and reads until it is disconnected. */
  private void hold(String from, String request) {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(from, 0));
      socket.setSoTimeout(2_000);
      socket.connect(new InetSocketAddress("127.0.0.1", port), 2_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      // Disconnected, as expected.
    }
  }

  private static String request(String token) {
    return "GET /v1/credentials HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: "
        + token
        + "\r\n\r\n";
  }

  private static String token(String podUid) {
    return FakeBroker.mint().token(Instant.now().minusSeconds(1)).pod(podUid).sign();
  }

  private List<String> command() {
    Path target = Path.of("target").toAbsolutePath();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + target.resolve("jvm.options"),
                "-jar",
                target.resolve("node-edge.jar").toString()));
    for (String set :
        List.of(
            "node=node-1",
            "listen=127.0.0.1:" + port,
            "allow-loopback-host=true",
            "upstream.brokers=127.0.0.1:" + broker.port(),
            "upstream.ca=" + directory.resolve("ca.pem"),
            "upstream.token-file=" + directory.resolve("token"),
            "management.probes=127.0.0.1:0",
            "management.metrics=127.0.0.1:0")) {
      command.add("--set");
      command.add(set);
    }
    return command;
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("log"));
  }

  /** An open loop: new requests do not wait for the answers to earlier ones. */
  private List<String> flood(List<String> tokens) throws Exception {
    List<ScheduledFuture<java.util.concurrent.Future<String>>> asked = new ArrayList<>();
    List<String> answers = new ArrayList<>();
    try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < tokens.size(); i++) {
        int pod = i;
        asked.add(
            clock.schedule(
                () -> clients.submit(() -> ask(pod, tokens.get(pod))),
                1_000L * i / PODS_PER_SECOND,
                TimeUnit.MILLISECONDS));
      }
      for (ScheduledFuture<java.util.concurrent.Future<String>> answer : asked) {
        answers.add(answer.get().get());
      }
    }
    return answers;
  }

  /** Returns the status, or the failure that came instead of an answer. */
  private String ask(int pod, String token) {
    try (Socket socket = new Socket()) {
      // Each pod has its own address.
      socket.bind(new InetSocketAddress("127.0." + (1 + pod / 200) + "." + (1 + pod % 200), 0));
      socket.setSoTimeout(TIMEOUT_MS);
      socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MS);
      socket.getOutputStream().write(request(token).getBytes(StandardCharsets.US_ASCII));
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      for (int i = 0; i < 12; i++) {
        int next = socket.getInputStream().read();
        if (next < 0) {
          return "closed";
        }
        head.write(next);
      }
      return head.toString(StandardCharsets.US_ASCII).substring(9);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
