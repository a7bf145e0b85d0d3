package io.claviger.edge.upstream;

import io.claviger.edge.revocation.PushSequence;
import io.claviger.schemas.bus.AssociationChanged;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.Login;
import io.claviger.schemas.bus.LoginReply;
import io.claviger.schemas.bus.PodsGone;
import io.claviger.schemas.bus.PublishedKeys;
import io.claviger.schemas.bus.RevokedPods;
import io.vertx.core.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages of a connection other than credentials. The login comes first and alone. Then follow
 * the registration of pushes, the revoked pods, the served pods, the cache and the key set. Later
 * it sends new cache entries, logins with a rotated token, and requests for the key set.
 */
final class BrokerSession {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerSession.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final BrokerConnection connection;
  private final EdgeToken token;
  private final BrokerPushes pushes;
  private final CacheSync sync;
  private @Nullable Login presented;

  BrokerSession(BrokerConnection connection, EdgeToken token, BrokerPushes pushes, CacheSync sync) {
    this.connection = connection;
    this.token = token;
    this.pushes = pushes;
    this.sync = sync;
  }

  /** Logs in on a new connection; fails if the broker rejects the login. */
  Future<LoginReply> login() {
    return token.login().compose(this::present);
  }

  private Future<LoginReply> present(Login login) {
    return connection
        .request(BusProtocol.LOGIN, login, LoginReply.class, TIMEOUT)
        .onSuccess(
            reply -> {
              presented = login;
              String uid = reply.nodeUid();
              if (uid != null) {
                pushes.nodeUid(uid);
              }
            });
  }

  /** Makes a logged-in connection usable. */
  Future<LoginReply> begin(LoginReply reply) {
    pushes.position(reply.position());
    PushSequence sequence = new PushSequence(reply.position());
    connection.register(BusProtocol.KEYS_CHANGED, PublishedKeys.class, pushes::keys);
    connection.register(
        BusProtocol.ASSOCIATION_CHANGED,
        AssociationChanged.class,
        changed -> changed(sequence, changed));
    connection.register(BusProtocol.REVOKED_PODS_CHANGED, RevokedPods.class, pushes::revokedPods);
    if (reply.version() >= BusProtocol.PODS_SINCE) {
      connection.register(BusProtocol.PODS_GONE, PodsGone.class, pushes::gone);
    }
    // After the registration: the broker pushes every later change or includes it in its answer.
    return fetchRevokedPods()
        .compose(known -> sync.pods().begin(reply.version()))
        .compose(
            known -> {
              sync.all();
              connection.onHeard(sync::heard);
              // Without keys the edge still works: brokers verify tokens for it.
              return fetchKeys().otherwiseEmpty();
            })
        .map(reply);
  }

  /**
   * Requests the revoked pods. If a broker gives no answer, the connection is not used. A broker of
   * an older version refuses the request; it has no revoked pods.
   */
  private Future<Void> fetchRevokedPods() {
    return connection
        .request(BusProtocol.REVOKED_PODS, RevokedPods.class, TIMEOUT)
        .onSuccess(pushes::revokedPods)
        .<Void>mapEmpty()
        .recover(
            failure ->
                failure instanceof BrokerConnection.Refused
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }

  private void changed(PushSequence sequence, AssociationChanged changed) {
    if (!pushes.changed(sequence, changed)) {
      sync.all();
    }
  }

  /** Returns the report of the cache to this broker, which decides what it pushes. */
  CacheSync sync() {
    return sync;
  }

  /** Requests the key set. */
  Future<Void> fetchKeys() {
    return connection
        .request(BusProtocol.KEYS, PublishedKeys.class, TIMEOUT)
        .onSuccess(pushes::keys)
        .onFailure(
            failure ->
                LOG.atWarn()
                    .addKeyValue("broker", connection.address())
                    .addKeyValue("reason", failure.getMessage())
                    .log("a broker sent no key set"))
        .mapEmpty();
  }

  /**
   * Logs in again if the token was rotated; otherwise the connection ends when the old one expires.
   */
  Future<Void> renew() {
    return token
        .login()
        .compose(
            login -> login.equals(presented) ? Future.succeededFuture() : present(login).mapEmpty())
        .onFailure(
            failure ->
                LOG.atWarn()
                    .addKeyValue("broker", connection.address())
                    .addKeyValue("reason", failure.getMessage())
                    .log("a broker did not accept the rotated token"))
        .mapEmpty();
  }
}
