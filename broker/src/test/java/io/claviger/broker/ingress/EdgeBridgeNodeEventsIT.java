package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.audit.NodeEventLog;
import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.bridge.Bodies;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.NodeEvent;
import io.claviger.schemas.bus.NodeEvents;
import io.claviger.schemas.bus.NodeEventsReply;
import io.claviger.schemas.event.CredentialEvent;
import io.claviger.schemas.event.ServedFrom;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that node-1's edge reports on its connection. */
class EdgeBridgeNodeEventsIT {

  @TempDir private Path directory;
  private final Queue<CredentialEvent> recorded = new ConcurrentLinkedQueue<>();
  private volatile int room = 1_000;
  private BridgeFixture bridge;

  @BeforeEach
  void open() throws Exception {
    bridge = new BridgeFixture(directory);
    NodeEventLog log =
        new NodeEventLog((id, event) -> recorded.size() < room && recorded.add(event));
    BridgeFixture.await(
        bridge.vertx.deployVerticle(new NodeEventHandler(log, bridge.ingressMeters)));
  }

  @AfterEach
  void close() throws Exception {
    bridge.close();
  }

  @Test
  void isRecordedUnderTheNodeOfTheConnectionWhateverItClaims() throws Exception {
    JsonObject reported = Bodies.of(events(1)).toJsonObject();
    reported.put("cluster", "c9").put("node", "node-9");
    reported.getJsonArray("events").getJsonObject(0).put("cluster", "c9").put("node", "node-9");

    assertThat(reply(reported)).isEqualTo(new NodeEventsReply(1, 0));

    assertThat(recorded)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.cluster()).isEqualTo("c1");
              assertThat(event.node()).isEqualTo("node-1");
              assertThat(event.member()).isEqualTo("node-1");
              assertThat(event.podUid()).isEqualTo("pod-0");
            });
    assertThat(counted("taken")).isEqualTo(1);
  }

  @Test
  void isTakenAsFarAsThereIsRoom() throws Exception {
    room = 30;

    NodeEventsReply reply = reply(Bodies.of(events(NodeEvents.MAX_EVENTS)).toJsonObject());

    assertThat(reply.taken()).isEqualTo(30);
    assertThat(reply.retryAfterMillis()).isPositive();
    assertThat(recorded).hasSize(30);
    assertThat(counted("later")).isEqualTo(1);
  }

  @Test
  void isRefusedWhereItIsMalformed() throws Exception {
    JsonObject nameless = Bodies.of(events(1)).toJsonObject();
    nameless.getJsonArray("events").getJsonObject(0).remove("podUid");
    JsonObject unbounded = Bodies.of(events(1)).toJsonObject();
    unbounded.getJsonArray("events").getJsonObject(0).put("accessKeyId", "A".repeat(10_000));
    JsonObject tooMany = Bodies.of(events(1)).toJsonObject();
    JsonObject one = tooMany.getJsonArray("events").getJsonObject(0);
    tooMany.put("events", new JsonArray(Collections.nCopies(NodeEvents.MAX_EVENTS + 1, one)));

    for (JsonObject body : List.of(new JsonObject(), nameless, unbounded, tooMany)) {
      assertThat(ask(body).getString("message")).contains("malformed NodeEvents");
    }
    assertThat(recorded).isEmpty();
    assertThat(counted("malformed")).isEqualTo(4);
  }

  @Test
  void isNotHeardBeforeTheLogin() throws Exception {
    try (EdgeClient stranger = bridge.connect()) {
      stranger.send(BusProtocol.NODE_EVENTS, "r", Bodies.of(events(1)));

      assertThat(stranger.read().getString("message")).contains("log in first");
    }
    assertThat(recorded).isEmpty();
  }

  private NodeEventsReply reply(JsonObject body) throws Exception {
    return Bodies.read(ask(body).getJsonObject("body").toBuffer(), NodeEventsReply.class);
  }

  private JsonObject ask(JsonObject body) throws Exception {
    try (EdgeClient edge = bridge.loggedIn()) {
      return edge.send(BusProtocol.NODE_EVENTS, "r", body).read();
    }
  }

  private double counted(String result) {
    return bridge.count(IngressMeters.NODE_EVENTS, "result", result);
  }

  private static NodeEvents events(int count) {
    return new NodeEvents(
        BusProtocol.VERSION,
        IntStream.range(0, count).mapToObj(EdgeBridgeNodeEventsIT::delivered).toList());
  }

  private static NodeEvent delivered(int number) {
    return new NodeEvent.Delivered(
        BridgeFixture.NOW,
        "shop",
        "cart",
        "cart-" + number,
        "pod-" + number,
        null,
        null,
        "ASIA1",
        BridgeFixture.NOW.plusSeconds(3_600),
        null,
        ServedFrom.BROKER);
  }
}
