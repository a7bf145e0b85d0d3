package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.bridge.BridgeFrames;
import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the bridge makes of an edge's frames, well-formed or not. */
class EdgeBridgeFramesIT {

  @TempDir private Path directory;
  private BridgeFixture bridge;
  private final List<EdgeRequest> delivered = new CopyOnWriteArrayList<>();
  private final List<Message<EdgeRequest>> unanswered = new CopyOnWriteArrayList<>();
  private volatile boolean hold;

  @BeforeEach
  void open() throws Exception {
    bridge = new BridgeFixture(directory);
    bridge.vertx.eventBus().localConsumer(BusProtocol.CREDENTIALS, this::requested);
    bridge.vertx.eventBus().localConsumer("claviger.own.n1", this::requested);
  }

  @AfterEach
  void close() throws Exception {
    bridge.close();
  }

  private void requested(Message<EdgeRequest> message) {
    delivered.add(message.body());
    if (hold) {
      unanswered.add(message);
    } else {
      message.reply(message.body().body());
    }
  }

  static Stream<Buffer> brokenStreams() {
    return Stream.of(
        length(BusProtocol.MAX_FRAME_BYTES + 1),
        length(Integer.MAX_VALUE),
        length(-1),
        length(Integer.MIN_VALUE),
        length(0),
        text("garbage"),
        text("[]"),
        text("\"text\""),
        text("null"),
        text("{\"type\":\"send\""),
        text("[".repeat(30_000)),
        text("{\"a\":".repeat(10_000)));
  }

  @ParameterizedTest
  @MethodSource("brokenStreams")
  void endsABrokenStreamAndTakesNoMoreOfIt(Buffer broken) throws Exception {
    long taken;
    try (EdgeClient client = bridge.loggedIn()) {
      client.write(broken);

      taken = flood(client);

      assertThat(client.next()).isEmpty();
    }
    assertThat(taken).isLessThan(16 << 20);
    assertThat(bridge.refused(FrameRefusal.BROKEN)).isEqualTo(1);
    await().until(() -> bridge.connections.open() == 0);
  }

  @Test
  void takesLittleFromAStranger() throws Exception {
    try (EdgeClient client = bridge.connect()) {
      client.write(length(BusProtocol.MAX_FRAME_BYTES));
      client.write(Buffer.buffer(new byte[BridgeFixture.LIMITS.bytesBeforeLogin()]));

      assertThat(client.next()).isEmpty();
    }
    assertThat(bridge.refused(FrameRefusal.BROKEN)).isEqualTo(1);
  }

  /** Writes 64 MB or until that fails; how much was written. */
  private static long flood(EdgeClient client) {
    Buffer chunk = Buffer.buffer(new byte[64 * 1024]);
    long written = 0;
    try {
      for (; written < 64 << 20; written += chunk.length()) {
        client.write(chunk);
      }
    } catch (IOException e) {
      // The other side has closed.
    }
    return written;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"publish\",\"address\":\"claviger.credentials\",\"replyAddress\":\"r\"}",
        "{\"type\":\"message\",\"address\":\"claviger.login\"}",
        "{\"type\":7}",
        "{}"
      })
  void refusesFramesThatNoEdgeSendsAndEnds(String frame) throws Exception {
    try (EdgeClient client = bridge.loggedIn()) {
      client.frame(frame);

      assertThat(client.read().getString("type")).isEqualTo(BridgeFrames.ERROR);
      assertThat(client.next()).isEmpty();
    }
    assertThat(bridge.refused(FrameRefusal.UNKNOWN_TYPE)).isEqualTo(1);
    assertThat(delivered).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "claviger.own.n1",
        BusProtocol.KEYS_CHANGED,
        BusProtocol.ASSOCIATION_CHANGED,
        "claviger.credentials ",
        "__vertx.reply.1"
      })
  void refusesSendingToWhatIsNotForEdges(String address) throws Exception {
    try (EdgeClient client = bridge.loggedIn()) {
      JsonObject answer = client.send(address, "r", new JsonObject()).read();

      assertThat(answer.getString("type")).isEqualTo(BridgeFrames.ERROR);
      assertThat(answer.getString("address")).isEqualTo("r");
      assertThat(answer.getString("message")).contains("not permitted");
      assertAnswers(client);
    }
    assertThat(delivered).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {BusProtocol.CREDENTIALS, BusProtocol.LOGIN, BusProtocol.KEYS, "claviger.own.n1"})
  void refusesListeningToWhatIsNotForEdges(String address) throws Exception {
    try (EdgeClient client = bridge.loggedIn()) {
      JsonObject answer = client.register(address).read();

      assertThat(answer.getString("message")).contains("not permitted");
      assertAnswers(client);
    }
  }

  @Test
  void saysWhoAsksWhateverTheEdgeClaims() throws Exception {
    try (EdgeClient client = bridge.loggedIn()) {
      JsonObject claims =
          new JsonObject()
              .put("cluster", "c2")
              .put("node", "node-9")
              .put("nodeUid", "uid-9")
              .put("arrivedMillis", "9");
      JsonObject frame =
          new JsonObject()
              .put("type", BridgeFrames.SEND)
              .put("address", BusProtocol.CREDENTIALS)
              .put("replyAddress", "r")
              .put("headers", claims)
              .put("body", claims)
              .put("cluster", "c2")
              .put("node", "node-9");

      client.frame(frame.encode()).read();
    }
    assertThat(delivered).hasSize(1);
    EdgeRequest request = delivered.getFirst();
    assertThat(request.session().cluster()).isEqualTo("c1");
    assertThat(request.session().node()).isEqualTo("node-1");
    assertThat(request.session().nodeUid()).isNull();
    assertThat(request.arrivedMillis()).isEqualTo(BridgeFixture.NOW.toEpochMilli());
    assertThat(request).asString().doesNotContain("node-9");
  }

  @Test
  void saysTheUidOfTheNodeWhereTheEdgesTokenHasOne() throws Exception {
    try (EdgeClient client = bridge.connect()) {
      client.login(bridge.token().nodeUid("uid-1").sign());
      client.send(BusProtocol.CREDENTIALS, "r", new JsonObject().toBuffer()).read();
    }
    assertThat(delivered.getFirst().session().nodeUid()).isEqualTo("uid-1");
  }

  @Test
  void answersEachRequestAtItsOwnAddressInWhateverOrderTheAnswersCome() throws Exception {
    hold = true;
    try (EdgeClient client = bridge.loggedIn()) {
      request(client, "a");
      request(client, "b");
      await().until(() -> unanswered.size() == 2);

      unanswered.get(1).reply(new JsonObject().put("n", 2).toBuffer());
      assertThat(client.read().getString("address")).isEqualTo("b");
      unanswered.get(0).fail(503, "not now");
      JsonObject failed = client.read();
      assertThat(failed.getString("address")).isEqualTo("a");
      assertThat(failed.getString("message")).isEqualTo("not now");
    }
  }

  @Test
  void refusesAtOnceWhatIsTooMuchForOneConnection() throws Exception {
    hold = true;
    try (EdgeClient client = bridge.loggedIn()) {
      int most = BridgeFixture.LIMITS.outstanding();
      for (int number = 0; number < most; number++) {
        request(client, "r" + number);
      }

      JsonObject answer = request(client, "one-more").read();

      assertThat(answer.getString("address")).isEqualTo("one-more");
      assertThat(answer.getString("message")).contains("too many");
      await().until(() -> unanswered.size() == most);
      unanswered.getFirst().reply(new JsonObject().toBuffer());
      client.read();
      hold = false;
      request(client, "fits-again");
      assertThat(client.read().getString("address")).isEqualTo("fits-again");
    }
  }

  @Test
  void wantsAReplyAddressThatIsNotEndless() throws Exception {
    try (EdgeClient client = bridge.loggedIn()) {
      request(client, "r".repeat(InboundFrame.MAX_REPLY_ADDRESS + 1));
      assertThat(client.read().getString("message")).contains("reply address");
      assertAnswers(client);
    }
    assertThat(bridge.refused(FrameRefusal.NO_REPLY_ADDRESS)).isEqualTo(1);
  }

  @Test
  void answersAnErrorInPlaceOfWhatDoesNotFitIntoAFrame() throws Exception {
    hold = true;
    try (EdgeClient client = bridge.loggedIn()) {
      request(client, "r");
      await().until(() -> unanswered.size() == 1);

      unanswered
          .getFirst()
          .reply(new JsonObject().put("x", "y".repeat(BusProtocol.MAX_FRAME_BYTES)).toBuffer());

      assertThat(client.read().getString("message")).contains("does not fit");
    }
  }

  @Test
  void pushesOnlyWhatTheEdgeHasRegisteredAndOnlyToItsCluster() throws Exception {
    try (EdgeClient listening = bridge.loggedIn();
        EdgeClient other = bridge.loggedIn()) {
      listening.register(BusProtocol.KEYS_CHANGED);
      assertAnswers(listening);
      for (String cluster : List.of("c2", "c1")) {
        bridge.connections.push(cluster, BusProtocol.ASSOCIATION_CHANGED, push(cluster));
        bridge.connections.push(cluster, BusProtocol.KEYS_CHANGED, push(cluster));
      }

      assertThat(listening.read().getString("address")).isEqualTo("c1");
      assertAnswers(listening);
      assertAnswers(other);
    }
  }

  @Test
  void cutsOffAnEdgeThatDoesNotRead() throws Exception {
    try (EdgeClient client = bridge.loggedIn();
        EdgeClient healthy = bridge.loggedIn()) {
      client.register(BusProtocol.KEYS_CHANGED);
      assertAnswers(client);
      Buffer large = push("x".repeat(60_000));

      int pushed = 0;
      while (bridge.connections.open() == 2 && pushed < 2_000) {
        bridge.connections.push("c1", BusProtocol.KEYS_CHANGED, large);
        assertAnswers(healthy);
        pushed++;
      }

      // The kernel's own buffers take some; the broker no more than its limit.
      assertThat(pushed).isLessThan(1_000);
      assertThat(bridge.meters.counter(IngressMeters.SLOW_EDGES).count()).isEqualTo(1);
      assertAnswers(healthy);
    }
  }

  @Test
  void turnsAwayConnectionsOverTheLimit() throws Exception {
    List<EdgeClient> clients = new ArrayList<>();
    for (int number = 0; number < BridgeFixture.LIMITS.connections(); number++) {
      clients.add(bridge.loggedIn());
    }

    try (EdgeClient tooMuch = bridge.connect()) {
      assertThat(tooMuch.login(bridge.token().sign()).getString("message"))
          .isEqualTo("this broker has as many edges as it may: ask another");
      assertThat(tooMuch.next()).isEmpty();
    }
    assertThat(bridge.meters.counter(IngressMeters.CONNECTIONS_REFUSED).count()).isEqualTo(1);

    clients.removeFirst().close();
    await().until(() -> bridge.connections.open() == clients.size());
    clients.add(bridge.loggedIn());
    assertAnswers(clients.getLast());
    for (EdgeClient client : clients) {
      client.close();
    }
    await().until(() -> bridge.connections.open() == 0);
  }

  @Test
  void endsANodesOldestConnectionForMoreThanItsEdgesNeed() throws Exception {
    List<EdgeClient> clients = new ArrayList<>();
    try (BridgeFixture large =
        new BridgeFixture(
            Files.createDirectory(directory.resolve("large")),
            BridgeLimits.of(100, Duration.ofSeconds(5)))) {
      EdgeClient other = large.connect();
      clients.add(other);
      other.login(large.token().node("node-2").sign());
      for (int number = 0; number < 20; number++) {
        clients.add(large.loggedIn());
      }

      await().until(() -> large.connections.open() == 17);
      for (EdgeClient one : List.of(other, clients.get(5), clients.getLast())) {
        assertThat(one.frame("{\"type\":\"ping\"}").read().getString("type")).isEqualTo("pong");
      }
      for (EdgeClient client : clients) {
        client.close();
      }
    }
  }

  /** From the address of the edges, which is harder than from another one. */
  @Test
  void letsEdgesInHoweverManyConnectionsNeverLogIn() throws Exception {
    List<EdgeClient> strangers = new ArrayList<>();
    List<EdgeClient> edges = new ArrayList<>();
    for (int number = 0; number < 10; number++) {
      for (int stranger = 0; stranger < 13; stranger++) {
        strangers.add(bridge.connect());
      }
      edges.add(bridge.loggedIn());
    }

    for (EdgeClient edge : edges) {
      assertAnswers(edge);
      edge.close();
    }
    await().until(() -> bridge.connections.open() <= BridgeFixture.LIMITS.connectionsBeforeLogin());
    for (EdgeClient stranger : strangers) {
      stranger.close();
    }
  }

  private static void assertAnswers(EdgeClient client) throws IOException {
    assertThat(request(client, "alive").read().getString("address")).isEqualTo("alive");
  }

  private static EdgeClient request(EdgeClient client, String replyAddress) throws IOException {
    return client.send(BusProtocol.CREDENTIALS, replyAddress, new JsonObject());
  }

  private static Buffer push(String address) {
    return BridgeFrames.encodeMessage(address, null);
  }

  private static Buffer length(int length) {
    return Buffer.buffer().appendInt(length);
  }

  private static Buffer text(String json) {
    return Buffer.buffer().appendInt(json.length()).appendString(json);
  }
}
