package io.claviger.broker.ingress;

import io.claviger.broker.identity.EdgeLogins;
import io.claviger.broker.identity.IssuerKeys;
import io.claviger.broker.identity.Issuers;
import io.claviger.broker.identity.TestClock;
import io.claviger.broker.identity.TestClusters;
import io.claviger.broker.identity.TokenMint;
import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.lifecycle.HostPort;
import io.claviger.schemas.association.Position;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A bridge that listens on loopback, for edges of the cluster c1. */
final class BridgeFixture implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  static final BridgeLimits LIMITS =
      new BridgeLimits(
          12,
          16,
          Duration.ZERO,
          Duration.ofSeconds(5),
          16 * 1024,
          8,
          256 * 1024,
          Duration.ofSeconds(9),
          Duration.ofMillis(20),
          Duration.ofMillis(50),
          Duration.ofSeconds(5));

  final Vertx vertx = Vertx.vertx();
  final TestClock clock = new TestClock(NOW);
  final TokenMint mint = new TokenMint("key-1");
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final IngressMeters ingressMeters = new IngressMeters(meters);
  final Certificates certificates;
  final EdgeConnections connections;

  /** The issuer's keys; may be pending. */
  volatile CompletableFuture<String> fetched = CompletableFuture.completedFuture(mint.jwks());

  final List<EdgeRequest> delivered = new CopyOnWriteArrayList<>();
  final List<Message<EdgeRequest>> unanswered = new CopyOnWriteArrayList<>();

  /** Whether new requests stay unanswered. */
  volatile boolean hold;

  private final EdgeBridge bridge;
  private final String deployment;

  BridgeFixture(Path directory) throws Exception {
    this(directory, LIMITS);
  }

  BridgeFixture(Path directory, BridgeLimits limits) throws Exception {
    certificates = new Certificates(directory);
    certificates.issue("broker");
    connections = new EdgeConnections(limits, ingressMeters);
    IssuerKeys keys = new IssuerKeys(TestClusters.named("c1"), () -> fetched, clock, clock);
    keys.refresh().toCompletableFuture().get(5, TimeUnit.SECONDS);
    bridge =
        new EdgeBridge(
            new HostPort("127.0.0.1", 0),
            new CertificateFiles(certificates.certificate("broker"), certificates.key("broker")),
            limits,
            new LoginHandler(
                "broker-1",
                new EdgeLogins(new Issuers(List.of(keys)), Map.of(), clock),
                cluster -> new Position(1, 7)),
            connections,
            ingressMeters,
            clock);
    deployment = await(vertx.deployVerticle(bridge));
  }

  /** Answers each request at an address with its own body. */
  void serve(String address) {
    vertx.eventBus().<EdgeRequest>localConsumer(address, this::requested);
  }

  private void requested(Message<EdgeRequest> message) {
    delivered.add(message.body());
    if (hold) {
      unanswered.add(message);
    } else {
      message.reply(message.body().body());
    }
  }

  /** Opens a connection without a login. */
  EdgeClient connect() throws Exception {
    return EdgeClient.connect(bridge.port(), certificates.authorityFile());
  }

  /** Opens a connection and logs in as node-1's edge. */
  EdgeClient loggedIn() throws Exception {
    EdgeClient client = connect();
    client.login(token().sign());
    return client;
  }

  /** Returns a token of node-1's edge, valid for an hour. */
  TokenMint.Draft token() {
    return mint.token(TestClusters.issuer("c1"), clock.instant())
        .audience(TestClusters.EDGE_AUDIENCE)
        .serviceAccount("kube-system", "edge");
  }

  int port() {
    return bridge.port();
  }

  Future<Void> stop() {
    return vertx.undeploy(deployment);
  }

  double count(String meter, String tag, String value) {
    Counter counter = meters.find(meter).tag(tag, value).counter();
    return counter == null ? 0 : counter.count();
  }

  double refused(FrameRefusal reason) {
    return count(IngressMeters.FRAMES_REFUSED, "reason", reason.tag());
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    await(vertx.close());
  }
}
