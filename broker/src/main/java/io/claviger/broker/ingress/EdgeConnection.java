package io.claviger.broker.ingress;

import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.bridge.Bodies;
import io.claviger.config.bridge.BridgeFrame;
import io.claviger.config.bridge.BridgeFrames;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One connection of an edge: login first, then permitted frames until the token expires. All but
 * pushes runs on the connection's context.
 */
final class EdgeConnection implements EdgeRequest.Connection {

  private static final int NAMED_CHARACTERS = 100;

  private final Context context;
  private final EdgeSocket socket;
  private final EdgeRequests requests;
  private final BridgeLimits limits;
  private final LoginHandler logins;
  private final EdgeConnections connections;
  private final IngressMeters meters;
  private final InstantSource clock;
  private final Instant loginBy;
  private final Handler<Buffer> parser = BridgeFrames.parser(this::frame, this::broken);
  private final EdgeRegistrations registrations;
  private final EdgeSubscriptions subscriptions = new EdgeSubscriptions();
  private final ReportedPods reportedPods = new ReportedPods();

  private @Nullable EdgeSession session;

  /** The sequence number of the first login, among those of this broker; 0 before login. */
  private volatile long login;

  /** Empty before login. */
  private volatile String node = "";

  private int bytesBeforeLogin;
  private boolean loggingIn;

  EdgeConnection(
      Vertx vertx,
      EdgeSocket socket,
      BridgeLimits limits,
      LoginHandler logins,
      EdgeConnections connections,
      IngressMeters meters,
      InstantSource clock) {
    this.context = vertx.getOrCreateContext();
    this.socket = socket;
    this.registrations = new EdgeRegistrations(context, socket);
    this.requests = new EdgeRequests(vertx.eventBus(), socket, limits, clock);
    this.limits = limits;
    this.logins = logins;
    this.connections = connections;
    this.meters = meters;
    this.clock = clock;
    this.loginBy = clock.instant().plus(limits.loginDeadline());
    socket.handler(this::received);
  }

  /** The registered push addresses. Any thread. */
  EdgeRegistrations registrations() {
    return registrations;
  }

  @Override
  public void subscribe(AssociationKey key) {
    if (!subscriptions.add(key)) {
      context.runOnContext(
          turn ->
              socket.end(
                  BridgeFrames.encodeError(
                      null, "too many service accounts on one connection: connect again")));
    }
  }

  @Override
  public void report(UUID pod) {
    reportedPods.add(pod);
  }

  /** The service accounts whose changes are pushed to the edge. Any thread. */
  EdgeSubscriptions subscriptions() {
    return subscriptions;
  }

  /** The pods whose deletion is pushed to the edge. Any thread. */
  ReportedPods reportedPods() {
    return reportedPods;
  }

  /** The sequence number of the first login; 0 before login. Any thread. */
  long login() {
    return login;
  }

  /** Sets the sequence number of the first login. */
  void login(long number) {
    login = number;
  }

  /** The node of the edge; empty before login. Any thread. */
  String node() {
    return node;
  }

  /** Closes the connection if its login is overdue or its token has expired. */
  void sweep(Instant now) {
    EdgeSession bound = session;
    if (bound == null && now.isAfter(loginBy)) {
      meters.login("overdue");
      socket.cut();
    } else if (bound != null && bound.ended(now)) {
      expire();
    }
  }

  /** Whether the connection has had enough time to log in. Any thread. */
  boolean hadItsTime() {
    return socket.hadItsTime();
  }

  /** Closes immediately, to free its place. Any thread. */
  void cut() {
    context.runOnContext(turn -> socket.cut());
  }

  /** Rejects new requests, and closes once the requests in progress are answered. */
  void stop() {
    requests.stop();
  }

  private void received(Buffer bytes) {
    if (socket.ended()) {
      return;
    }
    if (session == null) {
      bytesBeforeLogin += bytes.length();
      if (bytesBeforeLogin > limits.bytesBeforeLogin()) {
        broken("too many bytes before login");
        return;
      }
    }
    parser.handle(bytes);
  }

  private void broken(String reason) {
    meters.frameRefused(FrameRefusal.BROKEN.tag());
    socket.cut();
  }

  private void frame(BridgeFrame received) {
    if (socket.ended()) {
      return;
    }
    InboundFrame frame = InboundFrame.of(received);
    EdgeSession bound = session;
    if (bound == null) {
      beforeLogin(frame);
    } else if (bound.ended(clock.instant())) {
      meters.frameRefused(FrameRefusal.EXPIRED.tag());
      expire();
    } else {
      switch (frame.type()) {
        case BridgeFrames.SEND -> send(frame, bound);
        case BridgeFrames.REGISTER -> register(frame);
        case BridgeFrames.PING -> socket.write(BridgeFrames.encode(BridgeFrames.PONG));
        default -> refuseAndEnd(frame, FrameRefusal.UNKNOWN_TYPE, "unknown frame type");
      }
    }
  }

  private void beforeLogin(InboundFrame frame) {
    boolean login =
        frame.type().equals(BridgeFrames.SEND)
            && BusProtocol.LOGIN.equals(frame.address())
            && frame.replyAddress() != null
            && !loggingIn;
    if (login) {
      login(frame, null);
    } else {
      refuseAndEnd(frame, FrameRefusal.NOT_LOGGED_IN, "log in first, and await the answer");
    }
  }

  private void send(InboundFrame frame, EdgeSession bound) {
    String address = frame.address();
    if (address == null || !EdgeAddresses.INBOUND.contains(address)) {
      refuse(
          frame, FrameRefusal.NOT_PERMITTED, "sending to " + name(address) + " is not permitted");
    } else if (frame.replyAddress() == null) {
      refuse(
          frame,
          FrameRefusal.NO_REPLY_ADDRESS,
          "the frame needs a reply address of at most "
              + InboundFrame.MAX_REPLY_ADDRESS
              + " characters");
    } else if (!address.equals(BusProtocol.LOGIN)) {
      request(frame, address, bound);
    } else if (loggingIn) {
      refuse(frame, FrameRefusal.TOO_MANY, "another login is in progress");
    } else {
      login(frame, bound);
    }
  }

  private void login(InboundFrame frame, @Nullable EdgeSession bound) {
    loggingIn = true;
    Future.fromCompletionStage(
            logins.login(frame.body(), bound, () -> connections.signed(this)), context)
        .otherwise(failure -> new LoginHandler.Rejected("the broker failed to process the login"))
        .onSuccess(decision -> decided(frame, decision));
  }

  private void decided(InboundFrame frame, LoginHandler.Decision decision) {
    loggingIn = false;
    if (socket.ended()) {
      return;
    }
    switch (decision) {
      case LoginHandler.Rejected(String message) -> {
        meters.login("rejected");
        socket.end(frame.error(message));
      }
      case LoginHandler.Admitted admitted when session == null && !connections.hasRoom() -> {
        meters.connectionRefused();
        socket.end(frame.error("this broker has its maximum of edges: connect to another broker"));
      }
      case LoginHandler.Admitted admitted -> {
        meters.login("accepted");
        if (session == null) {
          registrations.startAfter(admitted.reply().position());
          node = admitted.session().node();
          connections.loggedIn(admitted.session().cluster(), this);
        }
        session = admitted.session();
        socket.write(frame.answer(Bodies.of(admitted.reply())));
      }
    }
  }

  private void register(InboundFrame frame) {
    String address = frame.address();
    if (address == null || !EdgeAddresses.OUTBOUND.contains(address)) {
      refuse(
          frame, FrameRefusal.NOT_PERMITTED, "registering " + name(address) + " is not permitted");
    } else if (!registrations.add(address)) {
      refuse(frame, FrameRefusal.NOT_PERMITTED, address + " is already registered");
    }
  }

  private void request(InboundFrame frame, String address, EdgeSession bound) {
    if (requests.stopping()) {
      refuse(frame, FrameRefusal.STOPPING, "this broker is stopping");
    } else if (requests.full()) {
      refuse(frame, FrameRefusal.TOO_MANY, "this connection has too many unanswered requests");
    } else {
      requests.deliver(frame, address, bound, this);
    }
  }

  private void refuse(InboundFrame frame, FrameRefusal reason, String message) {
    meters.frameRefused(reason.tag());
    socket.write(frame.error(message));
  }

  private void refuseAndEnd(InboundFrame frame, FrameRefusal reason, String message) {
    meters.frameRefused(reason.tag());
    socket.end(frame.error(message));
  }

  private void expire() {
    socket.end(BridgeFrames.encodeError(null, "the token of this connection has expired"));
  }

  private static String name(@Nullable String address) {
    return address == null
        ? "no address"
        : address.substring(0, Math.min(NAMED_CHARACTERS, address.length()));
  }
}
