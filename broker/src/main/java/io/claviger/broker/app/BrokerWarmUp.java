package io.claviger.broker.app;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.adapter.sts.StsRoleSessions;
import io.claviger.broker.audit.AuditLog;
import io.claviger.broker.identity.IssuerKeys;
import io.claviger.broker.identity.Issuers;
import io.claviger.broker.identity.PodTokenVerifier;
import io.claviger.broker.identity.RegisteredCluster;
import io.claviger.broker.ingress.CredentialHandler;
import io.claviger.broker.ingress.EdgeRequest;
import io.claviger.broker.ingress.EdgeSession;
import io.claviger.broker.ingress.IdentityRefusals;
import io.claviger.broker.issuance.ClusterProfile;
import io.claviger.broker.issuance.Issuance;
import io.claviger.broker.issuance.IssuanceLimits;
import io.claviger.broker.issuance.Quotas;
import io.claviger.broker.issuance.SessionOwners.Owner;
import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.broker.telemetry.Meters;
import io.claviger.config.bridge.Bodies;
import io.claviger.config.bridge.BridgeFrames;
import io.claviger.config.bridge.FrameRoundTrips;
import io.claviger.config.bridge.LoopbackTls;
import io.claviger.config.cluster.HazelcastConfiguration;
import io.claviger.config.cluster.Sealer;
import io.claviger.config.cluster.SealingKeys;
import io.claviger.config.lifecycle.WarmUp;
import io.claviger.config.trust.WarmUpTokens;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.OpenSession;
import io.claviger.schemas.bus.RequestPriority;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Sends this broker requests as an edge would: TLS, frames, token verification, dispatch, owner,
 * SDK, sealing, replicated map, reply; and probes the others. It uses instances of its own and a
 * map of its own, which are dropped afterwards, and reaches neither Kafka nor exported meters or
 * STS.
 */
final class BrokerWarmUp implements WarmUp.Exercise {

  /** A local address of the event bus, to which the bridge forwards nothing. */
  static final String ADDRESS = "claviger.warm-up.credentials";

  private static final WarmUp.Bounds BOUNDS =
      new WarmUp.Bounds(
          2_000, Duration.ofSeconds(4), Duration.ofSeconds(6), 20_000, Duration.ofSeconds(75), 1);

  /** After a day every cache entry has expired, so each round is a cold one. */
  private static final Duration BETWEEN_ROUNDS = Duration.ofDays(1);

  /** Elliptic curves are slow before they are compiled, and few clusters' tokens need them. */
  private static final int ROUNDS_AN_ES256 = 4;

  /** Where cores are busy the first round alone takes seconds: the SDK has many classes. */
  private static final Duration TIMEOUT = Duration.ofSeconds(6);

  /** A handshake is a hundred times the work of a frame, and rarer. */
  private static final int ROUNDS_A_CONNECTION = 8;

  private static final Position AT = new Position(1, 1);
  private static final String ACCOUNT = "000000000000";
  private static final int MOST = 64;
  private static final int CALLS_A_SECOND = 100_000;

  private static final IssuanceLimits LIMITS =
      new IssuanceLimits(
          MOST,
          MOST,
          Duration.ofMillis(1),
          0.5,
          Duration.ofSeconds(60),
          TIMEOUT,
          TIMEOUT,
          Duration.ofHours(1));

  private static final DeliveryOptions AS_BRIDGE =
      new DeliveryOptions().setLocalOnly(true).setSendTimeout(TIMEOUT.toMillis());

  private static final EdgeSession SESSION =
      new EdgeSession(WarmUpTokens.CLUSTER, WarmUpTokens.NODE, null, Instant.MAX);

  /** Nobody is to be told of anything. */
  private static final EdgeRequest.Connection CONNECTION =
      new EdgeRequest.Connection() {
        @Override
        public void subscribe(AssociationKey key) {}

        @Override
        public void report(UUID pod) {}
      };

  private final AtomicInteger rounds = new AtomicInteger();
  private final InstantSource clock = () -> WarmUpTokens.ISSUED.plus(age());
  private final Ticker ticker = () -> age().toNanos();
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final AuditLog audit = SchemaJson::writeBytes;
  private final String rs256 = WarmUpTokens.rs256();
  private final String es256 = WarmUpTokens.es256();
  private final Vertx vertx;
  private final Surroundings around;
  private final LoopbackTls tls;
  private final StubSessionStore store;
  private final StubSts madeUp;
  private final Scheduler scheduler;
  private final StsRoleSessions sts;
  private final Issuance issuance;
  private final String deployment;
  private Future<?> probe = Future.succeededFuture();

  /**
   * What a warm-up uses of the broker that it warms.
   *
   * @param nodeId of this broker on the event bus
   * @param keys with which sessions are sealed
   * @param certificate that edges see
   * @param map obtains the map for sealed values; may block until it is filled
   * @param peers probes another broker; the number chooses which
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
    store =
        new StubSessionStore(
            around.map().get(),
            around.nodeId(),
            new Sealer(HazelcastConfiguration.WARM_UP, around.keys(), new SecureRandom()),
            clock);
    madeUp = finish(StubSts.listen(vertx, clock));
    scheduler = Schedulers.newSingle("warm-up-issuance", true);
    Quotas quotas =
        new Quotas(Map.of(Quotas.USUAL, CALLS_A_SECOND), 1, () -> 1, System::nanoTime, meters);
    sts = madeUp.sessions(quotas, meters);
    issuance = issuance(quotas);
    deployment = finish(vertx.deployVerticle(handler()));
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

  private Duration age() {
    return BETWEEN_ROUNDS.multipliedBy(rounds.get());
  }

  private Issuance issuance(Quotas quotas) {
    return new Issuance(
        "warm-up",
        Map.of(
            WarmUpTokens.CLUSTER,
            new ClusterProfile(
                WarmUpTokens.CLUSTER,
                "arn:aws:eks:us-east-1:" + ACCOUNT + ":cluster/warm-up",
                ACCOUNT,
                "us-east-1",
                TagScope.SERVICE_ACCOUNT)),
        new Issuance.Ports(
            new StubAssociations(
                "arn:aws:iam::" + ACCOUNT + ":role/warm-up", WarmUpTokens.ISSUED, AT),
            sts,
            quotas,
            store,
            key -> rounds.get() % 2 == 0 ? new Owner.Here() : new Owner.Peer("warm-up"),
            this::askPeer,
            audit,
            (workload, association) -> Optional.empty()),
        LIMITS,
        new Issuance.Environment(clock, () -> 0.5, scheduler, meters));
  }

  /** Answers in the place of another broker. */
  private CompletionStage<OpenResult> askPeer(
      String nodeId, OpenSession request, Duration timeout) {
    return issuance
        .handler()
        .open(FrameRoundTrips.toBroker(nodeId, request, OpenSession.class))
        .thenApply(reply -> FrameRoundTrips.toEdge(reply, OpenResult.class));
  }

  private CredentialHandler handler() {
    IssuerKeys issuer =
        new IssuerKeys(
            new RegisteredCluster(
                WarmUpTokens.CLUSTER,
                "arn:aws:eks:us-east-1:" + ACCOUNT + ":cluster/warm-up",
                ACCOUNT,
                "us-east-1",
                WarmUpTokens.ISSUER,
                WarmUpTokens.AUDIENCE,
                "warm-up",
                Set.of("warm-up/warm-up"),
                TagScope.SERVICE_ACCOUNT),
            () -> CompletableFuture.completedStage(WarmUpTokens.keys()),
            clock,
            ticker);
    issuer.refresh();
    return new CredentialHandler(
        ADDRESS,
        new PodTokenVerifier(new Issuers(List.of(issuer)), MOST, clock, ticker),
        issuance.issuer(),
        cluster -> AT,
        new IdentityRefusals(audit, "warm-up", clock, ticker),
        new IngressMeters(meters),
        MOST,
        TIMEOUT,
        clock);
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
    // Not waited for: a peer that is silent is no reason to stay cold.
    if (probe.isComplete()) {
      probe = around.peers().apply(round);
    }
  }

  private void ask(String token) throws Exception {
    CredentialRequest request =
        new CredentialRequest(
            BusProtocol.VERSION, token, RequestPriority.FIRST, AT, TIMEOUT.toMillis());
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
      // The SDK's client takes two seconds to end.
      Thread.ofPlatform().name("warm-up-end").daemon().start(this::closePackages);
    }
  }

  private void closePackages() {
    issuance.close();
    sts.close();
    scheduler.dispose();
    var stub = madeUp.close();
    var echo = tls.close();
  }

  private static <T> T finish(Future<T> future) throws Exception {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
