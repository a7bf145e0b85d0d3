package io.claviger.broker.app;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.adapter.sts.StsRoleSessions;
import io.claviger.broker.audit.AuditLog;
import io.claviger.broker.identity.IssuerKeys;
import io.claviger.broker.identity.Issuers;
import io.claviger.broker.identity.PodTokenVerifier;
import io.claviger.broker.identity.RegisteredCluster;
import io.claviger.broker.ingress.CredentialDesk;
import io.claviger.broker.ingress.IdentityRefusals;
import io.claviger.broker.issuance.ClusterProfile;
import io.claviger.broker.issuance.Issuance;
import io.claviger.broker.issuance.IssuanceLimits;
import io.claviger.broker.issuance.Quotas;
import io.claviger.broker.issuance.SessionOwners.Owner;
import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.broker.telemetry.Meters;
import io.claviger.config.cluster.Sealer;
import io.claviger.config.cluster.SealingKeys;
import io.claviger.config.lifecycle.WarmUp;
import io.claviger.config.trust.WarmUpTokens;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import io.claviger.schemas.bus.Lane;
import io.claviger.schemas.bus.OpenSession;
import io.claviger.schemas.bus.OpenSessionReply;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Sends this broker requests as an edge would: frames, token verification, dispatch, owner, SDK,
 * sealing, reply. It uses instances of its own, which are dropped afterwards, and reaches neither
 * the replicated map nor Kafka, exported meters or STS.
 */
final class BrokerWarmUp implements WarmUp.Exercise {

  /** A local address of the event bus, to which the bridge forwards nothing. */
  static final String ADDRESS = "claviger.warm-up.credentials";

  private static final WarmUp.Bounds BOUNDS =
      new WarmUp.Bounds(
          2_000, Duration.ofSeconds(4), Duration.ofSeconds(6), 3_000, Duration.ofMinutes(1));

  /** After a day every cache entry has expired, so each round is a cold one. */
  private static final Duration BETWEEN_ROUNDS = Duration.ofDays(1);

  /** Elliptic curves are slow before they are compiled, and few clusters' tokens need them. */
  private static final int ROUNDS_AN_ES256 = 4;

  /** Where cores are busy the first round alone takes seconds: the SDK has many classes. */
  private static final Duration TIMEOUT = Duration.ofSeconds(6);

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
      new DeliveryOptions()
          .setLocalOnly(true)
          .setSendTimeout(TIMEOUT.toMillis())
          .addHeader(BusProtocol.HEADER_CLUSTER, WarmUpTokens.CLUSTER)
          .addHeader(BusProtocol.HEADER_NODE, WarmUpTokens.NODE)
          .addHeader(BusProtocol.HEADER_CONNECTION, "warm-up");

  private final AtomicInteger rounds = new AtomicInteger();
  private final InstantSource clock = () -> WarmUpTokens.ISSUED.plus(age());
  private final Ticker ticker = () -> age().toNanos();
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final AuditLog audit = SchemaJson::writeBytes;
  private final String rs256 = WarmUpTokens.rs256();
  private final String es256 = WarmUpTokens.es256();
  private final Vertx vertx;
  private final StubSts madeUp;
  private final Scheduler scheduler;
  private final StsRoleSessions sts;
  private final Issuance issuance;
  private final String deployment;

  private BrokerWarmUp(Vertx vertx, SealingKeys keys) throws Exception {
    this.vertx = vertx;
    madeUp = finish(StubSts.listen(vertx, clock));
    scheduler = Schedulers.newSingle("warm-up-issuance", true);
    Quotas quotas =
        new Quotas(Map.of(Quotas.USUAL, CALLS_A_SECOND), 1, () -> 1, System::nanoTime, meters);
    sts = madeUp.sessions(quotas, meters);
    issuance = issuance(quotas, keys);
    deployment = finish(vertx.deployVerticle(desk()));
  }

  /** Creates a broker's warm-up, and registers the gauge of its duration. */
  static WarmUp warmUp(Vertx vertx, SealingKeys keys, MeterRegistry meters) {
    WarmUp warmUp =
        new WarmUp(() -> open(vertx, keys), BOUNDS, System::nanoTime, LockSupport::parkNanos);
    Gauge.builder(Meters.WARM_UP, warmUp, WarmUp::seconds).register(meters);
    return warmUp;
  }

  /** Creates the instances that it uses; blocks, so not on an event loop. */
  static BrokerWarmUp open(Vertx vertx, SealingKeys keys) throws Exception {
    return new BrokerWarmUp(vertx, keys);
  }

  private Duration age() {
    return BETWEEN_ROUNDS.multipliedBy(rounds.get());
  }

  private Issuance issuance(Quotas quotas, SealingKeys keys) {
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
            new StubSessionStore(new Sealer("warm-up", keys, new SecureRandom()), clock),
            key -> rounds.get() % 2 == 0 ? new Owner.Here() : new Owner.Peer("warm-up"),
            this::askPeer,
            audit,
            (workload, association) -> Optional.empty()),
        LIMITS,
        clock,
        () -> 0.5,
        scheduler,
        meters);
  }

  /** Answers in the place of another broker. */
  private CompletionStage<OpenSessionReply> askPeer(
      String nodeId, OpenSession question, Duration patience) {
    return issuance
        .desk()
        .open(FrameRoundTrips.toBroker(nodeId, question, OpenSession.class))
        .thenApply(reply -> FrameRoundTrips.toEdge(reply, OpenSessionReply.class));
  }

  private CredentialDesk desk() {
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
    return new CredentialDesk(
        ADDRESS,
        new PodTokenVerifier(new Issuers(List.of(issuer)), MOST, clock, ticker),
        issuance.issuer(),
        cluster -> AT,
        (connection, key) -> {},
        new IdentityRefusals(audit, "warm-up", clock, ticker),
        new IngressMeters(meters),
        MOST,
        TIMEOUT,
        clock);
  }

  /** Sends a request that opens a session, and one that finds it cached. */
  @Override
  public void run() throws Exception {
    String token = rounds.incrementAndGet() % ROUNDS_AN_ES256 == 0 ? es256 : rs256;
    ask(token);
    ask(token);
    FrameRoundTrips.run();
  }

  private void ask(String token) throws Exception {
    CredentialRequest request =
        FrameRoundTrips.toBroker(
            BusProtocol.CREDENTIALS,
            new CredentialRequest(BusProtocol.VERSION, token, Lane.FIRST, AT, TIMEOUT.toMillis()),
            CredentialRequest.class);
    JsonObject reply =
        finish(
                vertx
                    .eventBus()
                    .<JsonObject>request(
                        ADDRESS, new JsonObject(SchemaJson.write(request)), AS_BRIDGE))
            .body();
    CredentialReply answer =
        FrameRoundTrips.toEdge(
            SchemaJson.read(reply.encode(), CredentialReply.class), CredentialReply.class);
    if (!(answer instanceof CredentialReply.Issued)) {
      throw new IllegalStateException("answered " + answer);
    }
  }

  @Override
  public void close() throws Exception {
    finish(vertx.undeploy(deployment));
    // The SDK's client takes two seconds to end.
    Thread.ofPlatform().name("warm-up-end").daemon().start(this::closeRooms);
  }

  private void closeRooms() {
    issuance.close();
    sts.close();
    scheduler.dispose();
    var unused = madeUp.close();
  }

  private static <T> T finish(Future<T> future) throws Exception {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
