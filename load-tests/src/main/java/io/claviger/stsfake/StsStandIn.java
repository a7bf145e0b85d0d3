package io.claviger.stsfake;

import io.claviger.config.lifecycle.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A stand-in for AWS STS (API version 2011-06-15): AssumeRole and GetCallerIdentity over HTTP,
 * signatures verified, parameters validated and errors answered as STS does. What it issues is good
 * for it alone.
 *
 * <p>It is told what to do through {@link #trust}, {@link #behaviour()} and {@link
 * #behaviour(String)}, by people through HTTP at {@value #CONTROL_PATH} on loopback, and tells what
 * it was asked in {@link #ledger()}. Thread-safe.
 */
public final class StsStandIn {

  /** Where people ask for counts (GET) and set behaviours (POST). */
  public static final String CONTROL_PATH = "/_stand-in";

  private static final int MAX_BODY_BYTES = 256 * 1024;

  private final Vertx vertx;
  private final InstantSource clock;
  private final UniqueIds ids = new UniqueIds(new SecureRandom());
  private final KeyRing keys = new KeyRing();
  private final Behaviours behaviours;
  private final StsLedger ledger = new StsLedger();
  private final Trust trust;
  private final SessionMinter minter;
  private final QueryEndpoint query;
  private final ControlEndpoint control;
  private volatile HostPort address = new HostPort("127.0.0.1", 0);
  private Future<HttpServer> server = Future.failedFuture("not listening");

  /**
   * A stand-in that does not listen yet.
   *
   * @param vertx where it runs
   * @param clock what time it is
   * @param trustedAccounts the accounts whose callers roles trust unless told otherwise
   */
  public StsStandIn(Vertx vertx, InstantSource clock, Set<String> trustedAccounts) {
    this.vertx = vertx;
    this.clock = clock;
    this.behaviours = new Behaviours(clock);
    this.trust = new Trust(trustedAccounts);
    this.minter = new SessionMinter(keys, ids, behaviours, clock);
    this.query =
        new QueryEndpoint(
            vertx,
            new Authentication(keys, clock),
            new StsActions(minter, trust, ledger, clock),
            behaviours,
            ledger,
            clock);
    this.control = new ControlEndpoint(behaviours, ledger);
  }

  /** Listens; fails when it cannot bind. */
  public synchronized Future<StsStandIn> listen(HostPort wanted) {
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setIdleTimeout(5)
                    .setIdleTimeoutUnit(TimeUnit.MINUTES)
                    .setAcceptBacklog(1024))
            .requestHandler(this::receive)
            .listen(wanted.port(), wanted.host());
    return server.map(
        listening -> {
          address = new HostPort(wanted.host(), listening.actualPort());
          return this;
        });
  }

  /** Stops listening; ends connections. */
  public synchronized Future<Void> close() {
    return server.compose(HttpServer::close).otherwiseEmpty();
  }

  /** What clients are pointed at. */
  public URI endpoint() {
    return URI.create("http://" + address);
  }

  /** Makes a key known that calls may be signed with. */
  public void register(SigningKey key) {
    keys.register(key);
  }

  /** Registers a new key without end. */
  public SigningKey register(Principal principal) {
    SigningKey key =
        SigningKey.permanent(ids.accessKeyId("AKIA"), ids.secretAccessKey(), principal);
    keys.register(key);
    return key;
  }

  /**
   * Makes a key unknown, registered or a session's: its calls are answered InvalidClientTokenId.
   */
  public void deregister(String accessKeyId) {
    keys.deregister(accessKeyId);
  }

  /** A session of a role, as a platform gives it to a program that runs on the role. */
  public SigningKey issue(String roleArn, String sessionName, Duration duration) {
    return minter.issue(Principal.session(roleArn, sessionName), duration);
  }

  /** Says whom a role trusts. */
  public void trust(String roleArn, RoleTrust whom) {
    trust.set(roleArn, whom);
  }

  /** Says whom roles trust that nothing else is said about. */
  public void trustByDefault(RoleTrust whom) {
    trust.setDefault(whom);
  }

  /** How all calls are bent; its failures concern AssumeRole only. */
  public Behaviour behaviour() {
    return behaviours.all();
  }

  /** How calls of AssumeRole for a role are bent, besides what holds for all. */
  public Behaviour behaviour(String roleArn) {
    return behaviours.of(roleArn);
  }

  /** What it was asked. */
  public StsLedger ledger() {
    return ledger;
  }

  /** Forgets trust, behaviours and counts; keys and sessions stay. */
  public void reset() {
    trust.clear();
    behaviours.clear();
    ledger.clear();
  }

  private void receive(HttpServerRequest request) {
    if (!bounded(request)) {
      request.response().setStatusCode(413).putHeader("Connection", "close").end();
      return;
    }
    boolean controls = request.path() != null && request.path().startsWith(CONTROL_PATH);
    request
        .body()
        .onSuccess(
            body -> {
              if (controls) {
                control.answer(request, body);
              } else {
                query.answer(request, body);
              }
            });
  }

  /** Every AWS client declares its body's length, so a body without one is not read. */
  private static boolean bounded(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    return length == null
        ? request.getHeader("Transfer-Encoding") == null
        : length.length() < 7 && Integer.parseInt(length) <= MAX_BODY_BYTES;
  }
}
