package io.claviger.broker.ingress;

import io.claviger.broker.identity.EdgeLogins;
import io.claviger.broker.identity.EdgeLogins.EdgeLogin;
import io.claviger.config.bridge.Bodies;
import io.claviger.schemas.SchemaJson.MalformedRecordException;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.Login;
import io.claviger.schemas.bus.LoginReply;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides logins. The first login binds a connection. A later one extends it with a newer token,
 * which must name the same cluster and node.
 */
public final class LoginHandler {

  private static final int OLDEST_VERSION = Math.max(1, BusProtocol.VERSION - 1);

  private final String broker;
  private final EdgeLogins logins;
  private final Function<String, Position> positions;

  /**
   * Creates a handler.
   *
   * @param broker this broker's name
   * @param positions the last position of a cluster's log that this broker has applied
   */
  public LoginHandler(String broker, EdgeLogins logins, Function<String, Position> positions) {
    this.broker = broker;
    this.logins = logins;
    this.positions = positions;
  }

  /**
   * Decides a login. Never fails.
   *
   * @param body a {@link Login}
   * @param current the connection's session from an earlier login; null on the first
   * @param signed runs once the token's signature is known to be an edge's, even if the login is
   *     then rejected; on any thread
   */
  CompletionStage<Decision> login(Buffer body, @Nullable EdgeSession current, Runnable signed) {
    Login login;
    try {
      login = Bodies.read(body, Login.class);
    } catch (MalformedRecordException e) {
      return CompletableFuture.completedStage(new Rejected("malformed login"));
    }
    if (login.version() < OLDEST_VERSION) {
      return CompletableFuture.completedStage(
          new Rejected(
              "protocol version %d is no longer supported: upgrade the edge"
                  .formatted(login.version())));
    }
    if (login.version() > BusProtocol.VERSION + 1) {
      return CompletableFuture.completedStage(
          new Rejected(
              "protocol version %d is too new for this broker: upgrade the brokers first"
                  .formatted(login.version())));
    }
    return logins
        .login(login.token(), signed)
        .thenApply(outcome -> decide(login, outcome, current));
  }

  private Decision decide(Login login, EdgeLogin outcome, @Nullable EdgeSession current) {
    return switch (outcome) {
      case EdgeLogin.Rejected(String message) -> new Rejected(message);
      case EdgeLogin.Accepted accepted when current != null && !sameEdge(accepted, current) ->
          new Rejected("the token is of another cluster or node than the connection");
      case EdgeLogin.Accepted accepted -> admit(login, session(accepted, current));
    };
  }

  private Admitted admit(Login login, EdgeSession session) {
    return new Admitted(
        session,
        new LoginReply(
            Math.min(login.version(), BusProtocol.VERSION),
            broker,
            session.cluster(),
            session.node(),
            session.nodeUid(),
            session.validUntil(),
            positions.apply(session.cluster())));
  }

  private static EdgeSession session(EdgeLogin.Accepted accepted, @Nullable EdgeSession current) {
    // An older token does not shorten the connection.
    Instant validUntil =
        current != null && current.validUntil().isAfter(accepted.expiresAt())
            ? current.validUntil()
            : accepted.expiresAt();
    return new EdgeSession(
        accepted.cluster(), accepted.node(), nodeUid(accepted, current), validUntil);
  }

  /** A uid that an earlier token has named stays, even if the newer token has none. */
  private static @Nullable String nodeUid(
      EdgeLogin.Accepted accepted, @Nullable EdgeSession current) {
    return accepted.nodeUid() == null && current != null ? current.nodeUid() : accepted.nodeUid();
  }

  private static boolean sameEdge(EdgeLogin.Accepted accepted, EdgeSession current) {
    String uid = nodeUid(accepted, current);
    return accepted.cluster().equals(current.cluster())
        && accepted.node().equals(current.node())
        && (current.nodeUid() == null || current.nodeUid().equals(uid));
  }

  /** The outcome of a login. */
  sealed interface Decision {}

  /**
   * The connection has a session.
   *
   * @param reply the answer for the edge
   */
  record Admitted(EdgeSession session, LoginReply reply) implements Decision {}

  /**
   * The connection ends.
   *
   * @param message the reason, without a secret
   */
  record Rejected(String message) implements Decision {}
}
