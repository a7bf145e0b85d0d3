package io.claviger.broker.app;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.adapter.sts.StsRoleSessions;
import io.claviger.broker.audit.AuditLog;
import io.claviger.broker.identity.AuditedTokenVerifier;
import io.claviger.broker.identity.IssuerKeys;
import io.claviger.broker.identity.Issuers;
import io.claviger.broker.identity.PodTokenVerifier;
import io.claviger.broker.identity.RegisteredCluster;
import io.claviger.broker.ingress.CredentialHandler;
import io.claviger.broker.issuance.ClusterProfile;
import io.claviger.broker.issuance.Issuance;
import io.claviger.broker.issuance.IssuanceLimits;
import io.claviger.broker.issuance.Quotas;
import io.claviger.broker.issuance.SessionOwners.Owner;
import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.bridge.FrameRoundTrips;
import io.claviger.config.cluster.HazelcastConfiguration;
import io.claviger.config.cluster.Sealer;
import io.claviger.config.trust.WarmUpTokens;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.OpenSession;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The broker's classes that handle a request, in separate instances. Stand-ins replace everything
 * around them: {@link StubSts} opens the sessions and {@link StubSessionStore} keeps them.
 */
final class StubBroker implements AutoCloseable {

  /** On busy cores the first round alone takes seconds, because the SDK has many classes. */
  static final Duration TIMEOUT = Duration.ofSeconds(6);

  /** The position of the only association. */
  static final Position AT = new Position(1, 1);

  /** After a day every cache entry has expired, so that each round starts cold. */
  private static final Duration BETWEEN_ROUNDS = Duration.ofDays(1);

  private static final String NAME = "warm-up";
  private static final String ACCOUNT = "000000000000";
  private static final String REGION = "us-east-1";
  private static final String CLUSTER_ARN =
      "arn:aws:eks:" + REGION + ":" + ACCOUNT + ":cluster/" + NAME;
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

  private final InstantSource clock;
  private final Ticker ticker;
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final AuditLog audit = SchemaJson::writeBytes;
  private final Scheduler scheduler = Schedulers.newSingle("warm-up-issuance", true);
  private final StubSts endpoint;
  private final StsRoleSessions sts;
  private final Issuance issuance;

  /**
   * Creates a broker that no other broker can reach.
   *
   * @param round the number of the current round; every second round requests its session from
   *     another broker
   * @param endpoint closed with this
   */
  StubBroker(Vertx vertx, BrokerWarmUp.Surroundings around, IntSupplier round, StubSts endpoint) {
    this.clock = clock(round);
    this.ticker = () -> age(round).toNanos();
    this.endpoint = endpoint;
    Quotas quotas =
        new Quotas(Map.of(Quotas.USUAL, CALLS_A_SECOND), 1, () -> 1, System::nanoTime, meters);
    sts = endpoint.sessions(quotas, meters);
    StubSessionStore store =
        new StubSessionStore(
            around.map().get(),
            around.nodeId(),
            new Sealer(HazelcastConfiguration.WARM_UP, around.keys(), new SecureRandom()),
            clock);
    issuance =
        new Issuance(
            NAME,
            Map.of(
                WarmUpTokens.CLUSTER,
                new ClusterProfile(
                    WarmUpTokens.CLUSTER, CLUSTER_ARN, ACCOUNT, REGION, TagScope.SERVICE_ACCOUNT)),
            new Issuance.Ports(
                new StubAssociations(
                    "arn:aws:iam::" + ACCOUNT + ":role/" + NAME, WarmUpTokens.ISSUED, AT),
                sts,
                quotas,
                store,
                key -> round.getAsInt() % 2 == 0 ? new Owner.Here() : new Owner.Peer(NAME),
                this::askPeer,
                audit,
                (workload, association) -> Optional.empty()),
            LIMITS,
            new Issuance.Environment(clock, () -> 0.5, scheduler, meters));
  }

  /** Returns the clock of the rounds. */
  static InstantSource clock(IntSupplier round) {
    return () -> WarmUpTokens.ISSUED.plus(age(round));
  }

  private static Duration age(IntSupplier round) {
    return BETWEEN_ROUNDS.multipliedBy(round.getAsInt());
  }

  /** Answers in place of another broker. */
  private CompletionStage<OpenResult> askPeer(
      String nodeId, OpenSession request, Duration timeout) {
    return issuance
        .handler()
        .open(FrameRoundTrips.toBroker(nodeId, request, OpenSession.class))
        .thenApply(reply -> FrameRoundTrips.toEdge(reply, OpenResult.class));
  }

  /** Returns the handler at {@link BrokerWarmUp#ADDRESS} once it is deployed. */
  CredentialHandler handler() {
    IssuerKeys issuer =
        new IssuerKeys(
            new RegisteredCluster(
                WarmUpTokens.CLUSTER,
                WarmUpTokens.ISSUER,
                WarmUpTokens.AUDIENCE,
                NAME,
                Set.of(NAME + "/" + NAME)),
            () -> CompletableFuture.completedStage(WarmUpTokens.keys()),
            clock,
            ticker);
    issuer.refresh();
    return new CredentialHandler(
        BrokerWarmUp.ADDRESS,
        new AuditedTokenVerifier(
            new PodTokenVerifier(new Issuers(List.of(issuer)), MOST, clock, ticker),
            audit,
            NAME,
            clock,
            ticker),
        issuance.issuer(),
        cluster -> AT,
        new IngressMeters(meters),
        new CredentialHandler.Limits(MOST, TIMEOUT),
        clock);
  }

  /** Blocks: the SDK's client takes two seconds to close. */
  @Override
  public void close() {
    issuance.close();
    sts.close();
    scheduler.dispose();
    var unused = endpoint.close();
  }
}
