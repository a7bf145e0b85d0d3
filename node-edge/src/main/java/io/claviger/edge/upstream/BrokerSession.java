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
 * What is said on a connection besides credentials: login first and alone, then the registration of
 * pushes, then the pods that are revoked, then those that are served, then what is cached, and the
 * key set; later what else is cached, logins with a rotated token, and the key set again.
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

  /** Logs a fresh connection in; fails when the broker does not let this edge in. */
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

  /** Makes a connection that has logged in usable. */
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
    // After the registration: what is changed from now on is pushed or found by the broker.
    return fetchRevokedPods()
        .compose(known -> sync.pods().begin(reply.version()))
        .compose(
            known -> {
              sync.all();
              connection.onHeard(sync::heard);
              // Without keys the edge still works: brokers verify for it.
              return fetchKeys().otherwiseEmpty();
            })
        .map(reply);
  }

  /**
   * Asks which pods are revoked. A broker that gives no answer is asked for nothing else; one of an
   * older version refuses the request, and knows of no revoked pods.
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

  /** Reports to this broker what is cached, so that its pushes concern it. */
  CacheSync sync() {
    return sync;
  }

  /** Asks for the key set. */
  Future<Void> fetchKeys() {
    return connection
        .request(BusProtocol.KEYS, PublishedKeys.class, TIMEOUT)
        .onSuccess(pushes::keys)
        .onFailure(
            failure ->
                LOG.atWarn()
                    .addKeyValue("broker", connection.address())
                    .addKeyValue("reason", failure.getMessage())
                    .log("a broker gave no key set"))
        .mapEmpty();
  }

  /** Presents the token again if it was rotated; the connection ends with the old one otherwise. */
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
                    .log("a broker did not take the rotated token"))
        .mapEmpty();
  }
}
