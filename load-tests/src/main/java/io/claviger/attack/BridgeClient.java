package io.claviger.attack;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.config.bridge.Bodies;
import io.claviger.config.bridge.BridgeFrames;
import io.claviger.config.lifecycle.HostPort;
import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.TokenRequest;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.CredentialRequest;
import io.claviger.schemas.bus.Login;
import io.claviger.schemas.bus.RequestPriority;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A connection to a broker's bridge for arbitrary frames. */
final class BridgeClient implements AutoCloseable {

  /** The node of the attacker's edge; other pods use the other node's edge. */
  static final String NODE = "node-2";

  static final String OTHER_NODE = "node-1";

  private static final Duration ANSWER = Duration.ofSeconds(8);
  private static final Duration END = Duration.ofSeconds(3);
  private static final String REPLY_TO = "attack.reply";
  private static final Duration EDGE_TOKEN_LIFE = Duration.ofHours(1);

  private final StrangerSocket socket;

  private BridgeClient(StrangerSocket socket) {
    this.socket = socket;
  }

  /** Connects with TLS, without a login. */
  static BridgeClient connect(LocalMesh mesh, BrokerMember broker, String from) throws IOException {
    return connect(mesh, broker.bridge(), from, 0);
  }

  private static BridgeClient connect(
      LocalMesh mesh, HostPort bridge, String from, int receiveBuffer) throws IOException {
    return new BridgeClient(
        StrangerSocket.open(from, bridge, receiveBuffer).tls(new MeshTls(mesh).anonymous()));
  }

  /** Runs an attack at the first broker, within TLS and without a login. */
  static <T> T asStranger(LocalMesh mesh, Function<BridgeClient, T> does) throws IOException {
    try (BridgeClient client = connect(mesh, mesh.broker(1), StrangerSocket.STRANGER)) {
      return does.apply(client);
    }
  }

  /** Runs an attack at the first broker as the edge of {@link #NODE}, logged in. */
  static <T> T asEdge(LocalMesh mesh, Function<BridgeClient, T> does) throws IOException {
    try (BridgeClient client = loggedIn(mesh, mesh.broker(1), NODE)) {
      return does.apply(client);
    }
  }

  /** Connects and logs in as an edge of the node. */
  static BridgeClient loggedIn(LocalMesh mesh, BrokerMember broker, String node)
      throws IOException {
    return loggedIn(mesh, broker, node, 0);
  }

  /** The same, with a small receive buffer for a client that does not read. */
  static BridgeClient loggedIn(LocalMesh mesh, BrokerMember broker, String node, int receiveBuffer)
      throws IOException {
    BridgeClient client = connect(mesh, broker.bridge(), StrangerSocket.MEMBER, receiveBuffer);
    BridgeReply reply = client.ask(login(ownToken(mesh, node)));
    if (!reply.isAnswer()) {
      client.close();
      throw new IOException("a valid login of " + node + " was refused: " + reply);
    }
    return client;
  }

  /**
   * The token of a node's own edge. An attacker with root on the node has it too, and brokers need
   * not ask the cluster about it again.
   */
  static String ownToken(LocalMesh mesh, String node) throws IOException {
    return Files.readString(mesh.options().directory().resolve("tokens").resolve("edge-" + node));
  }

  /** The claims of an edge's own token. */
  static TokenRequest edgeToken(String node) {
    return TokenRequest.ofPod("claviger", "node-edge", "node-edge-attack", node)
        .withAudiences("claviger-broker")
        .withLife(EDGE_TOKEN_LIFE);
  }

  static Buffer login(String token) {
    return request(BusProtocol.LOGIN, Bodies.of(new Login(BusProtocol.VERSION, token)));
  }

  /** A request with a reply address. */
  static Buffer request(@Nullable String address, @Nullable Buffer body) {
    return BridgeFrames.encode(BridgeFrames.SEND, address, REPLY_TO, body);
  }

  /** A request for a pod's credentials. */
  static Buffer credentials(String token) {
    return request(
        BusProtocol.CREDENTIALS,
        Bodies.of(
            new CredentialRequest(
                BusProtocol.VERSION, token, RequestPriority.FIRST, Position.NONE, 5_000L)));
  }

  /** Frames a text with its length. */
  static Buffer frame(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return Buffer.buffer().appendInt(bytes.length).appendBytes(bytes);
  }

  /** Sends a frame, and waits for the next one. */
  BridgeReply ask(Buffer frame) {
    socket.send(frame.getBytes());
    return next(ANSWER);
  }

  /** Reads the next frame; fails if it is malformed, which no broker may send. */
  BridgeReply next(Duration within) {
    try {
      int length = Buffer.buffer(socket.read(Integer.BYTES, within)).getInt(0);
      if (length <= 0 || length > BusProtocol.MAX_FRAME_BYTES) {
        throw new MeshException("a broker has sent a frame of " + length + " bytes");
      }
      JsonObject frame = Buffer.buffer(socket.read(length, within)).toJsonObject();
      return new BridgeReply.Frame(
          frame.getString("type", ""),
          frame.getString("message", ""),
          frame.getJsonObject("body", new JsonObject()));
    } catch (SocketTimeoutException e) {
      return new BridgeReply.Ended(new Ending.Open(""));
    } catch (DecodeException e) {
      throw new MeshException("a broker has sent a frame that is not JSON", e);
    } catch (IOException e) {
      return new BridgeReply.Ended(new Ending.Closed("", Duration.ZERO));
    }
  }

  /** Sends a frame, waits for the answer, and then for the end of the connection. */
  BridgeReply.Last askLast(Buffer frame) {
    BridgeReply reply = ask(frame);
    return new BridgeReply.Last(
        reply, reply instanceof BridgeReply.Ended(var how) ? how : socket.ending(END));
  }

  /**
   * Sends a frame, waits for the answer, and checks with a ping whether the connection still works.
   */
  BridgeReply.GoesOn askAndGoOn(Buffer frame) {
    return new BridgeReply.GoesOn(ask(frame), ask(BridgeFrames.encode(BridgeFrames.PING)));
  }

  /** Sends bytes, and waits for the end. */
  Ending end(Buffer bytes, Duration within) {
    return socket.send(bytes.getBytes()).ending(within);
  }

  /** Sends the same frames repeatedly and reads nothing, until the broker closes the connection. */
  Ending push(Buffer frames, Duration within) {
    return socket.push(frames.getBytes(), within);
  }

  /** Reads until the end. */
  Ending ending(Duration within) {
    return socket.ending(within);
  }

  @Override
  public void close() {
    socket.close();
  }
}
