package io.claviger.edge.upstream;

import io.claviger.edge.revocation.PushSequence;
import io.claviger.schemas.bus.AssociationMoved;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.Login;
import io.claviger.schemas.bus.LoginReply;
import io.claviger.schemas.bus.PodsGone;
import io.claviger.schemas.bus.PublishedKeys;
import io.claviger.schemas.bus.Withheld;
import io.vertx.core.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said on a connection besides credentials: login first and alone, then the registration of
 * pushes, then the pods that are revoked, then those that are served, then what is held, and the
 * key set; later what else is held, logins with a rotated token, and the key set again.
 */
final class BrokerSession {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerSession.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final BrokerConnection connection;
  private final EdgeToken token;
  private final BrokerPushes pushes;
  private final HeldSync sync;
  private @Nullable Login presented;

  BrokerSession(BrokerConnection connection, EdgeToken token, BrokerPushes pushes, HeldSync sync) {
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
        .request(BusProtocol.LOGIN, login, LoginReply.class, PATIENCE)
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
        BusProtocol.ASSOCIATION_MOVED, AssociationMoved.class, moved -> moved(sequence, moved));
    connection.register(BusProtocol.WITHHELD_CHANGED, Withheld.class, pushes::withheld);
    if (reply.version() >= BusProtocol.PODS_SINCE) {
      connection.register(BusProtocol.PODS_GONE, PodsGone.class, pushes::gone);
    }
    // After the registration: what is changed from now on is pushed or found by the broker.
    return fetchWithheld()
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
   * Asks from which pods credentials are withheld. A broker that does not say so is none to ask for
   * others; one of an older version withholds from nobody.
   */
  private Future<Void> fetchWithheld() {
    return connection
        .request(BusProtocol.WITHHELD, Withheld.class, PATIENCE)
        .onSuccess(pushes::withheld)
        .<Void>mapEmpty()
        .recover(
            failure ->
                failure instanceof BrokerConnection.Refused
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }

  private void moved(PushSequence sequence, AssociationMoved moved) {
    if (!pushes.moved(sequence, moved)) {
      sync.all();
    }
  }

  /** What is held and this broker's pushes may not have concerned is told. */
  HeldSync sync() {
    return sync;
  }

  /** Asks for the key set. */
  Future<Void> fetchKeys() {
    return connection
        .request(BusProtocol.KEYS, PublishedKeys.class, PATIENCE)
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
