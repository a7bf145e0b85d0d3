package io.claviger.broker.app;

import io.claviger.broker.adapter.hazelcast.PeerAddresses;
import io.claviger.broker.adapter.hazelcast.PeerMembers;
import io.claviger.broker.adapter.hazelcast.SealedSessionStore;
import io.claviger.broker.adapter.hazelcast.WarmUpMap;
import io.claviger.broker.adapter.peers.BusPeerSessions;
import io.claviger.broker.adapter.peers.OwnerVerticle;
import io.claviger.broker.adapter.peers.PeerProbe;
import io.claviger.broker.adapter.peers.RendezvousOwners;
import io.claviger.broker.adapter.sts.StsRoleSessions;
import io.claviger.broker.audit.AuditLog;
import io.claviger.broker.issuance.CredentialIssuer;
import io.claviger.broker.issuance.Issuance;
import io.claviger.broker.issuance.Quotas;
import io.claviger.config.cluster.ClusteredVertx;
import io.claviger.config.cluster.HazelcastConfiguration;
import io.claviger.config.cluster.Sealer;
import io.claviger.config.cluster.SealingKeys;
import io.claviger.config.lifecycle.Readiness;
import io.claviger.config.lifecycle.WarmUp;
import io.claviger.config.load.LoopLag;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Wires what opens sessions at one broker: STS, the other brokers, and the shared map. */
final class BrokerIssuance implements AutoCloseable {

  private static final InstantSource CLOCK = InstantSource.system();
  private static final Duration SWEEP = Duration.ofSeconds(30);
  private static final Duration INTRODUCTION = Duration.ofSeconds(5);

  private final ClusteredVertx joined;
  private final Vertx vertx;
  private final AssociationLog log;
  private final SealedSessionStore store;
  private final StsRoleSessions sts;
  private final PeerProbe probe;
  private final WarmUp warmUp;
  private final BooleanSupplier enoughBrokers;
  private final AtomicBoolean introduced = new AtomicBoolean();
  private final Scheduler scheduler = Schedulers.newSingle("issuance", true);
  private final Issuance issuance;

  BrokerIssuance(
      ClusteredVertx joined,
      BrokerSettings settings,
      SealingKeys sealingKeys,
      AssociationLog log,
      AuditLog audit,
      MeterRegistry meters) {
    this.joined = joined;
    this.vertx = joined.vertx();
    this.log = log;
    BrokerSettings.Peers peers = settings.peers();
    Sealer sealer = new Sealer(HazelcastConfiguration.SESSIONS, sealingKeys, new SecureRandom());
    store = new SealedSessionStore(joined.hazelcast(), sealer, CLOCK, SWEEP, meters);
    PeerAddresses addresses =
        new PeerAddresses(
            vertx,
            joined.hazelcast(),
            PeerSettings.hazelcast(peers)::namedAddresses,
            CLOCK,
            meters);
    Quotas quotas = IssuanceSettings.quotas(settings, addresses.brokers(), meters);
    sts =
        new StsRoleSessions(
            IssuanceSettings.sts(settings),
            IssuanceSettings.identities(settings),
            quotas,
            CLOCK,
            meters);
    probe = new PeerProbe(vertx, meters);
    PeerMembers.watch(joined.hazelcast(), probe::joined, probe::left);
    enoughBrokers = PeerSettings.enough(peers, joined);
    warmUp =
        BrokerWarmUp.warmUp(
            vertx,
            new BrokerWarmUp.Surroundings(
                joined.nodeId(),
                sealingKeys,
                settings.bridge().tls(),
                () -> warmUpValues(joined),
                probe::probeAgain),
            meters);
    issuance =
        new Issuance(
            settings.name(),
            new RegisteredClusters(settings.clusters()).profiles(),
            new Issuance.Ports(
                log.associations(),
                sts,
                quotas,
                store,
                new RendezvousOwners(joined.nodeId(), probe::serving),
                new BusPeerSessions(
                    vertx.eventBus(), probe::lost, LoopLag.of(vertx, vertx.getOrCreateContext())),
                audit,
                log.permissions()),
            IssuanceSettings.limits(settings),
            new Issuance.Environment(CLOCK, new SecureRandom()::nextDouble, scheduler, meters));
  }

  private static StubSessionStore.Values warmUpValues(ClusteredVertx joined) {
    WarmUpMap map = new WarmUpMap(joined.hazelcast());
    return new StubSessionStore.Values(map::get, map::put);
  }

  /** Returns the issuer for pods with verified tokens. */
  CredentialIssuer issuer() {
    return issuance.issuer();
  }

  void require(Readiness readiness) {
    readiness.require("Hazelcast member", PeerMembers.belongs(joined.hazelcast()));
    readiness.require("other brokers", probe::completed);
    readiness.require("enough brokers", enoughBrokers);
    readiness.require("session map", store::isReady);
    readiness.require("warmed up", warmUp::over);
    readiness.require("own identity", introduced::get);
  }

  /** From now on sessions end with their associations. */
  void listen() {
    log.table().listen(issuance.invalidation());
    log.table().listenForRevocations(issuance.revocations(log.table()::inCluster));
  }

  /**
   * Opens sessions for other brokers.
   *
   * @param serving whether this broker could open them for edges
   */
  Future<?> deployOwner(BooleanSupplier serving) {
    return vertx.deployVerticle(
        new OwnerVerticle(issuance.handler(), serving, joined.nodeId(), scheduler::schedule));
  }

  /**
   * Starts the warm-up and the request for this broker's identity at STS. Readiness waits at most 5
   * s for the identity, because cached sessions can be served without STS.
   */
  void start() {
    sts.introduce().thenRun(() -> introduced.set(true));
    vertx.setTimer(INTRODUCTION.toMillis(), timer -> introduced.set(true));
    warmUp.start();
  }

  /** Stops the warm-up when the broker stops. */
  void stopWarmUp() {
    warmUp.stop();
  }

  /** Opens no more sessions; blocks. */
  @Override
  public void close() {
    issuance.close();
    sts.close();
    store.close();
    scheduler.dispose();
  }
}
