package io.claviger.broker.app;

import io.claviger.broker.audit.NodeEventLog;
import io.claviger.broker.identity.EdgeLogins;
import io.claviger.broker.identity.Issuers;
import io.claviger.broker.identity.TokenVerifier;
import io.claviger.broker.ingress.BridgeLimits;
import io.claviger.broker.ingress.CertificateFiles;
import io.claviger.broker.ingress.CredentialHandler;
import io.claviger.broker.ingress.EdgeBridge;
import io.claviger.broker.ingress.EdgeConnections;
import io.claviger.broker.ingress.EdgePushes;
import io.claviger.broker.ingress.IdentityRefusals;
import io.claviger.broker.ingress.KeyHandler;
import io.claviger.broker.ingress.LoginHandler;
import io.claviger.broker.ingress.NodeEventHandler;
import io.claviger.broker.ingress.PodPushes;
import io.claviger.broker.ingress.PodReportHandler;
import io.claviger.broker.ingress.RevocationPushes;
import io.claviger.broker.ingress.RevokedPodSets;
import io.claviger.broker.ingress.RevokedPodsHandler;
import io.claviger.broker.ingress.SyncHandler;
import io.claviger.broker.issuance.CredentialIssuer;
import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.broker.telemetry.PodMeters;
import io.claviger.config.lifecycle.HostPort;
import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/** What edges have to do with at one broker, wired. */
final class BrokerEdges {

  private static final int REQUESTS_UNDER_WAY = 50_000;

  private final BrokerSettings settings;
  private final AssociationLog log;
  private final Issuers issuers;
  private final ApiServers apiServers;
  private final TokenVerifier tokens;
  private final CredentialIssuer issuer;
  private final IdentityRefusals refusals;
  private final NodeEventLog nodeEvents;
  private final IngressMeters meters;
  private final PodMeters podMeters;
  private final InstantSource clock;
  private final BridgeLimits limits;
  private final EdgeConnections connections;
  private final RevokedPodSets revokedPods;

  BrokerEdges(
      BrokerSettings settings,
      AssociationLog log,
      Issuers issuers,
      ApiServers apiServers,
      TokenVerifier tokens,
      CredentialIssuer issuer,
      IdentityRefusals refusals,
      NodeEventLog nodeEvents,
      IngressMeters meters,
      PodMeters podMeters,
      InstantSource clock) {
    this.settings = settings;
    this.log = log;
    this.issuers = issuers;
    this.apiServers = apiServers;
    this.tokens = tokens;
    this.issuer = issuer;
    this.refusals = refusals;
    this.nodeEvents = nodeEvents;
    this.meters = meters;
    this.podMeters = podMeters;
    this.clock = clock;
    limits = BridgeLimits.of(settings.bridge().maxConnections(), settings.drain());
    connections = new EdgeConnections(limits, meters);
    revokedPods = new RevokedPodSets(log.table().revocations(), log.table()::position);
  }

  /** From now on edges are told what changes. */
  void listen() {
    EdgePushes pushes =
        new EdgePushes(connections, issuers::currentKeys, log.table().revocations());
    log.table().listen(pushes);
    log.table()
        .listenForRevocations(
            new RevocationPushes(
                connections, log.table()::inCluster, log.table().revocations(), revokedPods));
    issuers.all().forEach(issuer -> issuer.listen(pushes));
    apiServers.pods().forEach(new PodPushes(connections, podMeters)::listen);
  }

  /** What answers edges, once they are let in. */
  Future<?> deployHandlers(Vertx vertx) {
    return vertx
        .deployVerticle(credentialHandler())
        .compose(id -> vertx.deployVerticle(new KeyHandler(issuers::currentKeys)))
        .compose(id -> vertx.deployVerticle(new RevokedPodsHandler(revokedPods)))
        .compose(id -> vertx.deployVerticle(new PodReportHandler(apiServers.checks(), podMeters)))
        .compose(id -> vertx.deployVerticle(new NodeEventHandler(nodeEvents, meters)))
        .compose(id -> vertx.deployVerticle(syncHandler()));
  }

  private CredentialHandler credentialHandler() {
    return new CredentialHandler(
        BusProtocol.CREDENTIALS,
        tokens,
        issuer,
        log.table()::position,
        refusals,
        meters,
        REQUESTS_UNDER_WAY,
        CredentialHandler.DEADLINE,
        clock);
  }

  private SyncHandler syncHandler() {
    return new SyncHandler(log.associations(), log.table().revocations(), log.catchUp(), meters);
  }

  /** Where edges come in. */
  EdgeBridge bridge() {
    BrokerSettings.Bridge at = settings.bridge();
    return new EdgeBridge(
        new HostPort(at.host(), at.port()),
        new CertificateFiles(at.tls().certificate(), at.tls().key()),
        limits,
        new LoginHandler(
            settings.name(),
            new EdgeLogins(issuers, apiServers.edgeChecks(), clock),
            log.table()::position),
        connections,
        meters,
        clock);
  }
}
