package io.claviger.edge.upstream;

import static java.util.Objects.requireNonNull;

import io.claviger.config.bridge.Bodies;
import io.claviger.config.bridge.BridgeFrame;
import io.claviger.config.bridge.BridgeFrames;
import io.claviger.edge.workload.TokenMint;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.Login;
import io.claviger.schemas.bus.LoginReply;
import io.claviger.schemas.bus.NodeEvent;
import io.claviger.schemas.bus.NodeEvents;
import io.claviger.schemas.bus.NodeEventsReply;
import io.claviger.schemas.bus.PodPolicy;
import io.claviger.schemas.bus.PodReport;
import io.claviger.schemas.bus.PodReportReply;
import io.claviger.schemas.bus.RevokedPods;
import io.claviger.schemas.bus.Sync;
import io.claviger.schemas.bus.SyncReply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** A broker's bridge as edges see it: TLS, frames, login, and the test's answers. */
public final class FakeBroker {

  static final Position AT_LOGIN = new Position(1, 7);
  static final String NODE_UID = "uid-of-" + TokenMint.NODE;
  private static final TokenMint MINT = new TokenMint("key-1");

  /** All received frames but pings, of all connections. */
  final List<BridgeFrame> frames = new CopyOnWriteArrayList<>();

  private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
  private final List<NetServer> servers = new CopyOnWriteArrayList<>();
  private final Supplier<NetServer> listener;

  /** A future that never completes makes it silent. */
  public volatile Supplier<Future<CredentialReply>> credentials =
      () -> Promise.<CredentialReply>promise().future();

  /** Its answer to a report of a cache; null for one that does not support the request. */
  volatile @Nullable Function<Sync, SyncReply> syncs =
      sync -> new SyncReply.Synced(AT_LOGIN, List.of());

  /** Its version of the protocol. */
  public volatile int version = BusProtocol.VERSION;

  /** Its answer to a report of pods; null for one that is silent. */
  public volatile Function<PodReport, @Nullable PodReportReply> pods =
      report -> PodReportReply.allThere(PodPolicy.OFF);

  /** The revoked pods that it reports; null for one that does not support the request. */
  volatile @Nullable RevokedPods revokedPods =
      new RevokedPods(BusProtocol.VERSION, AT_LOGIN, false, List.of());

  /** How many of the reported events it accepts; null for one that does not support the request. */
  public volatile @Nullable ToIntFunction<List<NodeEvent>> takes = List::size;

  /** The events that it has accepted, in the order of their arrival. */
  public final List<NodeEvent> nodeEvents = new CopyOnWriteArrayList<>();

  volatile Supplier<Future<Void>> beforeLogin = Future::succeededFuture;
  volatile boolean refusesLogins;
  volatile boolean answersPings = true;

  private FakeBroker(Vertx vertx, PemKeyCertOptions certificate) {
    listener =
        () ->
            vertx
                .createNetServer(new NetServerOptions().setSsl(true).setKeyCertOptions(certificate))
                .connectHandler(this::connected);
  }

  /** Listens on a port that the system chooses. */
  public static FakeBroker start(Vertx vertx, PemKeyCertOptions certificate) {
    return start(vertx, certificate, 0);
  }

  /** Listens on 127.0.0.1. */
  public static FakeBroker start(Vertx vertx, PemKeyCertOptions certificate, int port) {
    FakeBroker broker = new FakeBroker(vertx, certificate);
    broker.listen("127.0.0.1", port);
    return broker;
  }

  /** Listens on one more address, like a broker with two IP families. */
  int listen(String host, int port) {
    NetServer server = listener.get();
    servers.add(server);
    UpstreamRig.await(server.listen(port, host));
    return server.actualPort();
  }

  /** Stops, with all connections. */
  void stop() {
    servers.forEach(server -> UpstreamRig.await(server.close()));
  }

  /** Returns the signing key of the cluster whose keys it publishes. */
  public static TokenMint mint() {
    return MINT;
  }

  public int port() {
    return servers.getFirst().actualPort();
  }

  private void connected(NetSocket socket) {
    sockets.add(socket);
    socket.closeHandler(nothing -> sockets.remove(socket));
    socket.handler(BridgeFrames.parser(frame -> received(socket, frame), reason -> socket.close()));
  }

  private void received(NetSocket socket, BridgeFrame frame) {
    if (frame.type().equals(BridgeFrames.PING)) {
      if (answersPings) {
        socket.write(BridgeFrames.encode(BridgeFrames.PONG));
      }
      return;
    }
    frames.add(frame);
    if (!frame.type().equals(BridgeFrames.SEND)) {
      return;
    }
    String replyTo = requireNonNull(frame.replyAddress());
    Buffer body = frame.body() == null ? Buffer.buffer() : frame.body();
    switch (requireNonNull(frame.address())) {
      case BusProtocol.LOGIN -> beforeLogin.get().onSuccess(nothing -> login(socket, replyTo));
      case BusProtocol.KEYS -> send(socket, replyTo, MINT.published(Instant.now()));
      case BusProtocol.CREDENTIALS ->
          credentials.get().onSuccess(reply -> send(socket, replyTo, reply));
      case BusProtocol.REVOKED_PODS -> revokedPods(socket, replyTo);
      case BusProtocol.PODS -> pods(socket, replyTo, body);
      case BusProtocol.SYNC -> sync(socket, replyTo, body);
      case BusProtocol.NODE_EVENTS -> nodeEvents(socket, replyTo, body);
      default -> socket.write(BridgeFrames.encodeError(replyTo, "no such address"));
    }
  }

  private void revokedPods(NetSocket socket, String replyTo) {
    RevokedPods reported = revokedPods;
    if (reported == null) {
      socket.write(BridgeFrames.encodeError(replyTo, "sending there is not permitted"));
    } else {
      send(socket, replyTo, reported);
    }
  }

  private void nodeEvents(NetSocket socket, String replyTo, Buffer body) {
    ToIntFunction<List<NodeEvent>> taking = takes;
    if (taking == null) {
      socket.write(BridgeFrames.encodeError(replyTo, "sending there is not permitted"));
      return;
    }
    List<NodeEvent> reported = Bodies.read(body, NodeEvents.class).events();
    int taken = taking.applyAsInt(reported);
    if (taken >= 0) {
      nodeEvents.addAll(reported.subList(0, taken));
      send(socket, replyTo, new NodeEventsReply(taken, taken == reported.size() ? 0 : 1));
    }
  }

  private void pods(NetSocket socket, String replyTo, Buffer body) {
    if (version < BusProtocol.PODS_SINCE) {
      socket.write(BridgeFrames.encodeError(replyTo, "sending there is not permitted"));
      return;
    }
    PodReportReply reply = pods.apply(Bodies.read(body, PodReport.class));
    if (reply != null) {
      send(socket, replyTo, reply);
    }
  }

  private void sync(NetSocket socket, String replyTo, Buffer body) {
    Function<Sync, SyncReply> answer = syncs;
    if (answer == null) {
      socket.write(BridgeFrames.encodeError(replyTo, "sending there is not permitted"));
    } else {
      send(socket, replyTo, answer.apply(Bodies.read(body, Sync.class)));
    }
  }

  private void login(NetSocket socket, String replyTo) {
    if (refusesLogins) {
      socket
          .write(BridgeFrames.encodeError(replyTo, "not let in"))
          .onComplete(sent -> socket.close());
      return;
    }
    Instant validUntil = Instant.now().plusSeconds(3_600);
    send(
        socket,
        replyTo,
        new LoginReply(
            version,
            "broker-" + port(),
            TokenMint.CLUSTER,
            TokenMint.NODE,
            NODE_UID,
            validUntil,
            AT_LOGIN));
  }

  private static void send(NetSocket socket, @Nullable String address, Object record) {
    socket.write(BridgeFrames.encodeMessage(address, Bodies.of(record)));
  }

  /** Pushes a record to all connections. */
  void push(String address, Object record) {
    sockets.forEach(socket -> send(socket, address, record));
  }

  void write(Buffer bytes) {
    sockets.forEach(socket -> socket.write(bytes));
  }

  /** Closes all connections; new ones may be opened. */
  void cutOff() {
    sockets.forEach(NetSocket::close);
  }

  int connections() {
    return sockets.size();
  }

  /** Returns the frames sent to an address, oldest first. */
  List<BridgeFrame> sentTo(String address) {
    return frames.stream()
        .filter(frame -> frame.type().equals(BridgeFrames.SEND))
        .filter(frame -> address.equals(frame.address()))
        .toList();
  }

  /** Returns the reported cache entries, one list per request. */
  List<List<Sync.Known>> reported() {
    return sentTo(BusProtocol.SYNC).stream()
        .map(frame -> Bodies.read(requireNonNull(frame.body()), Sync.class).known())
        .toList();
  }

  /** Returns the reports of pods. */
  List<PodReport> podReports() {
    return sentTo(BusProtocol.PODS).stream()
        .map(frame -> Bodies.read(requireNonNull(frame.body()), PodReport.class))
        .toList();
  }

  /** Returns the tokens of all logins. */
  List<String> logins() {
    return sentTo(BusProtocol.LOGIN).stream()
        .map(frame -> Bodies.read(requireNonNull(frame.body()), Login.class).token())
        .toList();
  }
}
