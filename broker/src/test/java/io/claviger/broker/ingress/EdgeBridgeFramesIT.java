package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.config.bridge.BridgeFrames;
import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bridge's answers to an edge's frames, well-formed or malformed. */
class EdgeBridgeFramesIT {

  private BridgeFixture bridge;

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    bridge = new BridgeFixture(directory);
    bridge.serve(BusProtocol.CREDENTIALS);
    bridge.serve("claviger.own.n1");
  }

  @AfterEach
  void close() throws Exception {
    bridge.close();
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

  /** Writes up to 64 MB and returns how much was written before a failure. */
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
    assertThat(bridge.delivered).isEmpty();
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
      client.assertAnswers();
    }
    assertThat(bridge.delivered).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {BusProtocol.CREDENTIALS, BusProtocol.LOGIN, BusProtocol.KEYS, "claviger.own.n1"})
  void refusesListeningToWhatIsNotForEdges(String address) throws Exception {
    try (EdgeClient client = bridge.loggedIn()) {
      JsonObject answer = client.register(address).read();

      assertThat(answer.getString("message")).contains("not permitted");
      client.assertAnswers();
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
    assertThat(bridge.delivered).hasSize(1);
    EdgeRequest request = bridge.delivered.getFirst();
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
    assertThat(bridge.delivered.getFirst().session().nodeUid()).isEqualTo("uid-1");
  }

  @Test
  void answersEachRequestAtItsOwnAddressInWhateverOrderTheAnswersCome() throws Exception {
    bridge.hold = true;
    try (EdgeClient client = bridge.loggedIn()) {
      client.request("a");
      client.request("b");
      await().until(() -> bridge.unanswered.size() == 2);

      bridge.unanswered.get(1).reply(new JsonObject().put("n", 2).toBuffer());
      assertThat(client.read().getString("address")).isEqualTo("b");
      bridge.unanswered.get(0).fail(503, "not now");
      JsonObject failed = client.read();
      assertThat(failed.getString("address")).isEqualTo("a");
      assertThat(failed.getString("message")).isEqualTo("not now");
    }
  }

  @Test
  void wantsAReplyAddressThatIsNotEndless() throws Exception {
    try (EdgeClient client = bridge.loggedIn()) {
      client.request("r".repeat(InboundFrame.MAX_REPLY_ADDRESS + 1));
      assertThat(client.read().getString("message")).contains("reply address");
      client.assertAnswers();
    }
    assertThat(bridge.refused(FrameRefusal.NO_REPLY_ADDRESS)).isEqualTo(1);
  }

  @Test
  void answersAnErrorInPlaceOfWhatDoesNotFitIntoAFrame() throws Exception {
    bridge.hold = true;
    try (EdgeClient client = bridge.loggedIn()) {
      client.request("r");
      await().until(() -> bridge.unanswered.size() == 1);

      bridge
          .unanswered
          .getFirst()
          .reply(new JsonObject().put("x", "y".repeat(BusProtocol.MAX_FRAME_BYTES)).toBuffer());

      assertThat(client.read().getString("message")).contains("longer than a frame");
    }
  }

  @Test
  void pushesOnlyWhatTheEdgeHasRegisteredAndOnlyToItsCluster() throws Exception {
    try (EdgeClient listening = bridge.loggedIn();
        EdgeClient other = bridge.loggedIn()) {
      listening.register(BusProtocol.KEYS_CHANGED);
      listening.assertAnswers();
      for (String cluster : List.of("c2", "c1")) {
        bridge.connections.push(
            cluster, BusProtocol.ASSOCIATION_CHANGED, BridgeFrames.encodeMessage(cluster, null));
        bridge.connections.push(
            cluster, BusProtocol.KEYS_CHANGED, BridgeFrames.encodeMessage(cluster, null));
      }

      assertThat(listening.read().getString("address")).isEqualTo("c1");
      listening.assertAnswers();
      other.assertAnswers();
    }
  }

  private static Buffer length(int length) {
    return Buffer.buffer().appendInt(length);
  }

  private static Buffer text(String json) {
    return Buffer.buffer().appendInt(json.length()).appendString(json);
  }
}
