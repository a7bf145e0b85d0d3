package io.claviger.broker.app;

import io.claviger.broker.ingress.EdgeRequest;
import io.claviger.broker.ingress.EdgeSession;
import io.claviger.broker.telemetry.Meters;
import io.claviger.config.bridge.Bodies;
import io.claviger.config.bridge.BridgeFrames;
import io.claviger.config.bridge.FrameRoundTrips;
import io.claviger.config.bridge.LoopbackTls;
import io.claviger.config.cluster.SealingKeys;
import io.claviger.config.lifecycle.WarmUp;
import io.claviger.config.trust.WarmUpTokens;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import io.claviger.schemas.bus.RequestPriority;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Sends this broker requests as an edge would: TLS, frames, token verification, dispatch, owner,
 * SDK, sealing, replicated map, reply. Also probes the other brokers. It uses separate instances
 * and a separate map, which are dropped afterwards. It uses neither Kafka nor STS and changes no
 * exported meter.
 */
final class BrokerWarmUp implements WarmUp.Exercise {

  /** A local address of the event bus, to which the bridge forwards nothing. */
  static final String ADDRESS = "claviger.warm-up.credentials";

  private static final WarmUp.Bounds BOUNDS =
      new WarmUp.Bounds(
          2_000, Duration.ofSeconds(4), Duration.ofSeconds(6), 20_000, Duration.ofSeconds(75), 1);

  /** Elliptic curves are slow before they are compiled, and few clusters' tokens need them. */
  private static final int ROUNDS_AN_ES256 = 4;

  /** A handshake takes a hundred times the work of a frame, and is rarer. */
  private static final int ROUNDS_A_CONNECTION = 8;

  private static final DeliveryOptions AS_BRIDGE =
      new DeliveryOptions().setLocalOnly(true).setSendTimeout(StubBroker.TIMEOUT.toMillis());

  private static final EdgeSession SESSION =
      new EdgeSession(WarmUpTokens.CLUSTER, WarmUpTokens.NODE, null, Instant.MAX);

  /** A connection without subscriptions. */
  private static final EdgeRequest.Connection CONNECTION =
      new EdgeRequest.Connection() {
        @Override
        public void subscribe(AssociationKey key) {}

        @Override
        public void report(UUID pod) {}
      };

  private final AtomicInteger rounds = new AtomicInteger();
  private final InstantSource clock = StubBroker.clock(rounds::get);
  private final String rs256 = WarmUpTokens.rs256();
  private final String es256 = WarmUpTokens.es256();
  private final Vertx vertx;
  private final Surroundings around;
  private final LoopbackTls tls;
  private final StubBroker stub;
  private final String deployment;
  private Future<?> probe = Future.succeededFuture();

  /**
   * The parts of the broker that its warm-up uses.
   *
   * @param nodeId of this broker on the event bus
   * @param keys that seal sessions
   * @param certificate that edges see
   * @param map obtains the map for sealed values; may block until it is filled
   * @param peers probes another broker; the number selects it
   */
  record Surroundings(
      String nodeId,
      SealingKeys keys,
      BrokerSettings.KeyPair certificate,
      Supplier<StubSessionStore.Values> map,
      IntFunction<Future<?>> peers) {}

  private BrokerWarmUp(Vertx vertx, Surroundings around, LoopbackTls tls) throws Exception {
    this.vertx = vertx;
    this.around = around;
    this.tls = tls;
    stub = new StubBroker(vertx, around, rounds::get, finish(StubSts.listen(vertx, clock)));
    deployment = finish(vertx.deployVerticle(stub.handler()));
  }

  /** Creates a broker's warm-up, and registers the gauge of its duration. */
  static WarmUp warmUp(Vertx vertx, Surroundings around, MeterRegistry meters) {
    WarmUp warmUp =
        new WarmUp(() -> open(vertx, around), BOUNDS, System::nanoTime, LockSupport::parkNanos);
    Gauge.builder(Meters.WARM_UP, warmUp, WarmUp::seconds).register(meters);
    return warmUp;
  }

  /** Creates the instances that it uses; blocks, so not on an event loop. */
  static BrokerWarmUp open(Vertx vertx, Surroundings around) throws Exception {
    BrokerSettings.KeyPair pair = around.certificate();
    LoopbackTls tls = finish(LoopbackTls.listen(vertx, pair.certificate(), pair.key()));
    try {
      return new BrokerWarmUp(vertx, around, tls);
    } catch (Exception | LinkageError e) {
      var unused = tls.close();
      throw e;
    }
  }

  /** Sends a request that opens a session, and one that finds it cached. */
  @Override
  public void run() throws Exception {
    int round = rounds.incrementAndGet();
    if (round % ROUNDS_A_CONNECTION == 1) {
      finish(tls.connect());
    }
    String token = round % ROUNDS_AN_ES256 == 0 ? es256 : rs256;
    ask(token);
    ask(token);
    FrameRoundTrips.run();
    // The probe is not awaited: a silent peer must not stop the warm-up.
    if (probe.isComplete()) {
      probe = around.peers().apply(round);
    }
  }

  private void ask(String token) throws Exception {
    CredentialRequest request =
        new CredentialRequest(
            BusProtocol.VERSION,
            token,
            RequestPriority.FIRST,
            StubBroker.AT,
            StubBroker.TIMEOUT.toMillis());
    Buffer body = carry(BridgeFrames.SEND, Bodies.of(request));
    EdgeRequest arrived = new EdgeRequest(body, SESSION, CONNECTION, clock.millis());
    Buffer reply = finish(vertx.eventBus().<Buffer>request(ADDRESS, arrived, AS_BRIDGE)).body();
    CredentialReply answer = Bodies.read(carry(BridgeFrames.MESSAGE, reply), CredentialReply.class);
    if (!(answer instanceof CredentialReply.Issued)) {
      throw new IllegalStateException("answered " + answer);
    }
  }

  private Buffer carry(String type, Buffer body) throws Exception {
    return finish(tls.carry(BridgeFrames.encode(type, BusProtocol.CREDENTIALS, "reply.0", body)));
  }

  @Override
  public void close() throws Exception {
    try {
      finish(vertx.undeploy(deployment));
    } finally {
      // The SDK's client takes two seconds to close.
      Thread.ofPlatform().name("warm-up-end").daemon().start(this::closeParts);
    }
  }

  private void closeParts() {
    stub.close();
    var unused = tls.close();
  }

  private static <T> T finish(Future<T> future) throws Exception {
    return future.await(StubBroker.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
