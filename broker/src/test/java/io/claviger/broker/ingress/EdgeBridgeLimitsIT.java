package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.bridge.BridgeFrames;
import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limits of the bridge, for one edge and for all. */
class EdgeBridgeLimitsIT {

  private BridgeFixture bridge;

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    bridge = new BridgeFixture(directory);
    bridge.serve(BusProtocol.CREDENTIALS);
  }

  @AfterEach
  void close() throws Exception {
    bridge.close();
  }

  @Test
  void takesLittleFromAStranger() throws Exception {
    try (EdgeClient client = bridge.connect()) {
      client.write(Buffer.buffer().appendInt(BusProtocol.MAX_FRAME_BYTES));
      client.write(Buffer.buffer(new byte[BridgeFixture.LIMITS.bytesBeforeLogin()]));

      assertThat(client.next()).isEmpty();
    }
    assertThat(bridge.refused(FrameRefusal.BROKEN)).isEqualTo(1);
  }

  @Test
  void refusesAtOnceWhatIsTooMuchForOneConnection() throws Exception {
    bridge.hold = true;
    try (EdgeClient client = bridge.loggedIn()) {
      int most = BridgeFixture.LIMITS.outstanding();
      for (int number = 0; number < most; number++) {
        client.request("r" + number);
      }

      JsonObject answer = client.request("one-more").read();

      assertThat(answer.getString("address")).isEqualTo("one-more");
      assertThat(answer.getString("message")).contains("too many");
      await().until(() -> bridge.unanswered.size() == most);
      bridge.unanswered.getFirst().reply(new JsonObject().toBuffer());
      client.read();
      bridge.hold = false;
      client.request("fits-again");
      assertThat(client.read().getString("address")).isEqualTo("fits-again");
    }
  }

  @Test
  void cutsOffAnEdgeThatDoesNotRead() throws Exception {
    try (EdgeClient client = bridge.loggedIn();
        EdgeClient healthy = bridge.loggedIn()) {
      client.register(BusProtocol.KEYS_CHANGED);
      client.assertAnswers();
      Buffer large = BridgeFrames.encodeMessage("x".repeat(60_000), null);

      int pushed = 0;
      while (bridge.connections.open() == 2 && pushed < 2_000) {
        bridge.connections.push("c1", BusProtocol.KEYS_CHANGED, large);
        healthy.assertAnswers();
        pushed++;
      }

      // The kernel buffers some frames, and the broker up to its limit.
      assertThat(pushed).isLessThan(1_000);
      assertThat(bridge.meters.counter(IngressMeters.SLOW_EDGES).count()).isEqualTo(1);
      healthy.assertAnswers();
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
          .isEqualTo("this broker has its maximum of edges: connect to another broker");
      assertThat(tooMuch.next()).isEmpty();
    }
    assertThat(bridge.meters.counter(IngressMeters.CONNECTIONS_REFUSED).count()).isEqualTo(1);

    clients.removeFirst().close();
    await().until(() -> bridge.connections.open() == clients.size());
    clients.add(bridge.loggedIn());
    clients.getLast().assertAnswers();
    for (EdgeClient client : clients) {
      client.close();
    }
    await().until(() -> bridge.connections.open() == 0);
  }

  @Test
  void endsANodesOldestConnectionForMoreThanItsEdgesNeed(@TempDir Path files) throws Exception {
    List<EdgeClient> clients = new ArrayList<>();
    try (BridgeFixture large =
        new BridgeFixture(files, BridgeLimits.of(100, Duration.ofSeconds(5)))) {
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

  @Test
  void boundsConnectionsThatDoNoHandshake() throws Exception {
    List<Socket> strangers = new ArrayList<>();
    for (int number = 0; number < 100; number++) {
      strangers.add(new Socket(InetAddress.getLoopbackAddress(), bridge.port()));
    }

    // One address may have half of them.
    int refused = 100 - BridgeFixture.LIMITS.connectionsBeforeLogin() / 2;
    await()
        .until(() -> bridge.meters.counter(IngressMeters.CONNECTIONS_REFUSED).count() == refused);
    bridge.clock.advance(BridgeFixture.LIMITS.loginDeadline().plusMillis(1));
    await().until(() -> bridge.connections.open() == 0);
    for (Socket stranger : strangers) {
      stranger.close();
    }
  }

  @Test
  void keepsWhoCameFirstUntilTheyHadTheirTime(@TempDir Path files) throws Exception {
    try (BridgeFixture large =
        new BridgeFixture(files, BridgeLimits.of(100, Duration.ofSeconds(5)))) {
      List<EdgeClient> first = new ArrayList<>();
      List<Socket> later = new ArrayList<>();
      for (int number = 0; number < 4; number++) {
        first.add(large.connect());
      }
      for (int number = 0; number < 200; number++) {
        later.add(new Socket(InetAddress.getLoopbackAddress(), large.port()));
      }

      for (EdgeClient edge : first) {
        edge.login(large.token().sign());
        edge.close();
      }
      for (Socket stranger : later) {
        stranger.close();
      }
    }
  }

  /** The strangers use the address of the edges, which is the harder case. */
  @Test
  void letsEdgesInHoweverManyConnectionsNeverLogIn() throws Exception {
    List<EdgeClient> strangers = new ArrayList<>();
    List<EdgeClient> edges = new ArrayList<>();
    for (int number = 0; number < 10; number++) {
      for (int stranger = 0; stranger < 13; stranger++) {
        try {
          strangers.add(bridge.connect());
        } catch (IOException e) {
          // The bridge closed it during the handshake.
        }
      }
      // A rejected edge retries.
      edges.add(
          await().ignoreExceptions().until(() -> bridge.loggedIn(), EdgeClient.class::isInstance));
    }

    for (EdgeClient edge : edges) {
      edge.assertAnswers();
      edge.close();
    }
    await().until(() -> bridge.connections.open() <= BridgeFixture.LIMITS.connectionsBeforeLogin());
    for (EdgeClient stranger : strangers) {
      stranger.close();
    }
  }
}
