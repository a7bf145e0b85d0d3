package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.identity.TestClusters;
import io.claviger.broker.identity.TokenMint;
import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.bridge.BridgeFrames;
import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins at the bridge: valid tokens, rejected tokens, and expiry. */
class EdgeBridgeLoginIT {

  @TempDir private Path directory;
  private BridgeFixture bridge;
  private final AtomicInteger delivered = new AtomicInteger();

  @BeforeEach
  void open() throws Exception {
    bridge = new BridgeFixture(directory);
    for (String address : List.of(BusProtocol.CREDENTIALS, BusProtocol.KEYS, "claviger.own.n1")) {
      bridge
          .vertx
          .eventBus()
          .consumer(
              address,
              message -> {
                delivered.incrementAndGet();
                message.reply(new JsonObject().toBuffer());
              });
    }
  }

  @AfterEach
  void close() throws Exception {
    bridge.close();
  }

  static Stream<Buffer> firstFrames() {
    return Stream.of(
        send(BusProtocol.CREDENTIALS, "r"),
        send(BusProtocol.KEYS, "r"),
        send("claviger.own.n1", "r"),
        send(BusProtocol.LOGIN, null),
        BridgeFrames.encode(BridgeFrames.REGISTER, BusProtocol.ASSOCIATION_CHANGED, null, null),
        BridgeFrames.encode(BridgeFrames.PING),
        BridgeFrames.encode("publish", BusProtocol.LOGIN, "r", null));
  }

  @ParameterizedTest
  @MethodSource("firstFrames")
  void answersNothingBeforeTheLogin(Buffer frame) throws Exception {
    try (EdgeClient client = bridge.connect()) {
      client.write(frame);

      JsonObject answer = client.read();
      assertThat(answer.getString("type")).isEqualTo(BridgeFrames.ERROR);
      assertThat(answer.getString("message")).startsWith("log in first");
      assertThat(client.next()).isEmpty();
    }
    assertThat(delivered).hasValue(0);
    assertThat(bridge.refused(FrameRefusal.NOT_LOGGED_IN)).isEqualTo(1);
    await().until(() -> bridge.connections.open() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {BusProtocol.CREDENTIALS, BusProtocol.LOGIN})
  void answersNothingWhileTheLoginIsBeingDecided(String address) throws Exception {
    CompletableFuture<String> keys = new CompletableFuture<>();
    bridge.fetched = keys;
    TokenMint unknown = new TokenMint("key-2");
    try (EdgeClient client = bridge.connect()) {
      String token =
          unknown
              .token(TestClusters.issuer("c1"), BridgeFixture.NOW)
              .audience(TestClusters.EDGE_AUDIENCE)
              .serviceAccount("kube-system", "edge")
              .sign();
      JsonObject login = new JsonObject().put("version", 1).put("token", token);
      client.send(BusProtocol.LOGIN, "login", login).send(address, "r", login);

      assertThat(client.read().getString("message")).startsWith("log in first");
      assertThat(client.next()).isEmpty();
      keys.complete(unknown.jwks());
    }
    assertThat(delivered).hasValue(0);
    assertThat(bridge.count(IngressMeters.LOGINS, "result", "accepted")).isZero();
  }

  @Test
  void letsAnEdgeInAndSaysWhoItIs() throws Exception {
    try (EdgeClient client = bridge.connect()) {
      JsonObject answer = client.login(bridge.token().sign());

      assertThat(answer.getString("type")).isEqualTo(BridgeFrames.MESSAGE);
      assertThat(answer.getString("address")).isEqualTo("login");
      JsonObject body = answer.getJsonObject("body");
      assertThat(body.getString("broker")).isEqualTo("broker-1");
      assertThat(body.getString("cluster")).isEqualTo("c1");
      assertThat(body.getString("node")).isEqualTo("node-1");
      assertThat(body.getString("validUntil")).isEqualTo("2026-11-24T13:00:00Z");
      assertThat(client.send(BusProtocol.KEYS, "k", (Buffer) null).read().getString("address"))
          .isEqualTo("k");
    }
  }

  static Stream<String> strangers() {
    return Stream.of(
        "pod's token",
        "other service account",
        "no node",
        "other issuer",
        "other key",
        "expired",
        "no token");
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void endsTheConnectionOfAStranger(String stranger) throws Exception {
    try (EdgeClient client = bridge.connect()) {
      JsonObject answer = client.login(token(stranger));

      assertThat(answer.getString("type")).isEqualTo(BridgeFrames.ERROR);
      assertThat(answer.getString("address")).isEqualTo("login");
      assertThat(answer.getString("message")).isNotBlank().doesNotContain("eyJ");
      assertThat(client.next()).isEmpty();
    }
    assertThat(bridge.count(IngressMeters.LOGINS, "result", "rejected")).isEqualTo(1);
  }

  private String token(String stranger) {
    TokenMint.Draft edge = bridge.token();
    return switch (stranger) {
      case "pod's token" -> edge.audience("pods.eks.amazonaws.com").sign();
      case "other service account" -> edge.serviceAccount("shop", "edge").sign();
      case "no node" -> edge.node(null).sign();
      case "other issuer" -> bridge.mint.token("https://c2.test", BridgeFixture.NOW).sign();
      case "other key" ->
          new TokenMint("key-1")
              .token(TestClusters.issuer("c1"), BridgeFixture.NOW)
              .audience(TestClusters.EDGE_AUDIENCE)
              .serviceAccount("kube-system", "edge")
              .sign();
      case "expired" -> edge.life(Duration.ofSeconds(-1)).sign();
      default -> "no token";
    };
  }

  @Test
  void cutsOffWhoeverDoesNotLogInInTime() throws Exception {
    try (EdgeClient client = bridge.connect()) {
      await().until(() -> bridge.connections.open() == 1);

      bridge.clock.advance(Duration.ofSeconds(6));

      assertThat(client.next()).isEmpty();
      await().until(() -> bridge.count(IngressMeters.LOGINS, "result", "overdue") == 1);
    }
  }

  @Test
  void endsTheConnectionWithItsToken() throws Exception {
    try (EdgeClient client = bridge.loggedIn()) {
      bridge.clock.advance(Duration.ofMinutes(61));

      assertThat(client.read().getString("message")).contains("expired");
      assertThat(client.next()).isEmpty();
    }
  }

  @Test
  void keepsTheConnectionWhenANewerTokenIsPresented() throws Exception {
    try (EdgeClient client = bridge.loggedIn()) {
      bridge.clock.advance(Duration.ofMinutes(50));

      JsonObject again = client.login(bridge.token().sign());
      bridge.clock.advance(Duration.ofMinutes(50));

      assertThat(again.getJsonObject("body").getString("validUntil"))
          .isEqualTo("2026-11-24T13:50:00Z");
      assertThat(client.send(BusProtocol.KEYS, "k", (Buffer) null).read().getString("address"))
          .isEqualTo("k");

      bridge.clock.advance(Duration.ofMinutes(11));
      assertThat(client.read().getString("message")).contains("expired");
    }
  }

  @Test
  void isNotShortenedByAnOlderToken() throws Exception {
    try (EdgeClient client = bridge.loggedIn()) {
      JsonObject again = client.login(bridge.token().life(Duration.ofMinutes(5)).sign());

      assertThat(again.getJsonObject("body").getString("validUntil"))
          .isEqualTo("2026-11-24T13:00:00Z");
    }
  }

  @Test
  void endsAConnectionThatWantsToBecomeAnotherNode() throws Exception {
    try (EdgeClient client = bridge.loggedIn()) {
      JsonObject again = client.login(bridge.token().node("node-2").sign());

      assertThat(again.getString("message")).contains("another cluster or node");
      assertThat(client.next()).isEmpty();
    }
  }

  @Test
  void endsAConnectionThatWantsToBecomeTheSuccessorOfItsNode() throws Exception {
    try (EdgeClient client = bridge.connect()) {
      assertThat(nodeUid(client.login(bridge.token().nodeUid("uid-1").sign()))).isEqualTo("uid-1");
      bridge.clock.advance(Duration.ofMinutes(10));
      assertThat(nodeUid(client.login(bridge.token().sign()))).isEqualTo("uid-1");

      JsonObject again = client.login(bridge.token().nodeUid("uid-2").sign());

      assertThat(again.getString("message")).contains("another cluster or node");
      assertThat(client.next()).isEmpty();
    }
  }

  private static String nodeUid(JsonObject letIn) {
    return letIn.getJsonObject("body").getString("nodeUid");
  }

  @Test
  void speaksNothingButTls() throws Exception {
    try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), bridge.port())) {
      plain.setSoTimeout(10_000);
      plain.getOutputStream().write(send(BusProtocol.LOGIN, "r").getBytes());

      byte[] answer = plain.getInputStream().readAllBytes();

      assertThat(new String(answer, StandardCharsets.ISO_8859_1)).doesNotContain("type");
    }
    await().until(() -> bridge.connections.open() == 0);
  }

  @Test
  void isNotTrustedWithoutItsAuthority() throws Exception {
    Certificates others = new Certificates(Files.createDirectory(directory.resolve("x")));

    assertThatThrownBy(() -> EdgeClient.connect(bridge.port(), others.authorityFile()))
        .isInstanceOf(IOException.class);
  }

  private static Buffer send(String address, @Nullable String replyAddress) {
    return BridgeFrames.encode(BridgeFrames.SEND, address, replyAddress, Buffer.buffer("{}"));
  }
}
