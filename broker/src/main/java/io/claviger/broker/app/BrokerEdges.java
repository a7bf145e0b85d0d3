package io.claviger.broker.app;

import io.claviger.broker.audit.NodeEventLog;
import io.claviger.broker.identity.Issuers;
import io.claviger.broker.ingress.BridgeLimits;
import io.claviger.broker.ingress.CertificateFiles;
import io.claviger.broker.ingress.CredentialHandler;
import io.claviger.broker.ingress.EdgeBridge;
import io.claviger.broker.ingress.EdgeConnections;
import io.claviger.broker.ingress.EdgePushes;
import io.claviger.broker.ingress.LoginHandler;
import io.claviger.broker.ingress.LookupHandler;
import io.claviger.broker.ingress.NodeEventHandler;
import io.claviger.broker.ingress.PodPushes;
import io.claviger.broker.ingress.PodReportHandler;
import io.claviger.broker.ingress.RevocationPushes;
import io.claviger.broker.ingress.RevokedPodSets;
import io.claviger.broker.ingress.SyncHandler;
import io.claviger.broker.issuance.CredentialIssuer;
import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.broker.telemetry.PodMeters;
import io.claviger.config.lifecycle.HostPort;
import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/** Wires everything that edges use at one broker. */
final class BrokerEdges {

  private static final InstantSource CLOCK = InstantSource.system();

  private final BrokerSettings settings;
  private final AssociationLog log;
  private final BrokerIdentities identities;
  private final CredentialIssuer issuer;
  private final NodeEventLog nodeEvents;
  private final IngressMeters meters;
  private final PodMeters podMeters;
  private final BridgeLimits limits;
  private final EdgeConnections connections;
  private final RevokedPodSets revokedPods;

  BrokerEdges(
      BrokerSettings settings,
      AssociationLog log,
      BrokerIdentities identities,
      CredentialIssuer issuer,
      NodeEventLog nodeEvents,
      IngressMeters meters,
      PodMeters podMeters) {
    this.settings = settings;
    this.log = log;
    this.identities = identities;
    this.issuer = issuer;
    this.nodeEvents = nodeEvents;
    this.meters = meters;
    this.podMeters = podMeters;
    limits = BridgeLimits.of(settings.bridge().maxConnections(), settings.drain());
    connections = new EdgeConnections(limits, meters);
    revokedPods = new RevokedPodSets(log.table().revocations(), log.table()::position);
  }

  /** Starts to send changes to edges. */
  void listen() {
    EdgePushes pushes =
        new EdgePushes(connections, issuers()::currentKeys, log.table().revocations());
    log.table().listen(pushes);
    log.table()
        .listenForRevocations(
            new RevocationPushes(
                connections, log.table()::inCluster, log.table().revocations(), revokedPods));
    issuers().all().forEach(issuer -> issuer.listen(pushes));
    identities.apiServers().pods().forEach(new PodPushes(connections, podMeters)::listen);
  }

  /** Deploys the handlers of edges' requests. */
  Future<?> deployHandlers(Vertx vertx) {
    return vertx
        .deployVerticle(credentialHandler())
        .compose(id -> vertx.deployVerticle(LookupHandler.ofKeys(issuers()::currentKeys)))
        .compose(id -> vertx.deployVerticle(LookupHandler.ofRevokedPods(revokedPods)))
        .compose(
            id ->
                vertx.deployVerticle(
                    new PodReportHandler(identities.apiServers().checks(), podMeters)))
        .compose(id -> vertx.deployVerticle(new NodeEventHandler(nodeEvents, meters)))
        .compose(id -> vertx.deployVerticle(syncHandler()));
  }

  private CredentialHandler credentialHandler() {
    return new CredentialHandler(
        BusProtocol.CREDENTIALS,
        identities.tokens(),
        issuer,
        log.table()::position,
        meters,
        CredentialHandler.LIMITS,
        CLOCK);
  }

  private SyncHandler syncHandler() {
    return new SyncHandler(log.associations(), log.table().revocations(), log.catchUp(), meters);
  }

  /** Returns the endpoint of edges' connections. */
  EdgeBridge bridge() {
    BrokerSettings.Bridge at = settings.bridge();
    return new EdgeBridge(
        new HostPort(at.host(), at.port()),
        new CertificateFiles(at.tls().certificate(), at.tls().key()),
        limits,
        new LoginHandler(settings.name(), identities.edgeLogins(), log.table()::position),
        connections,
        meters,
        CLOCK);
  }

  private Issuers issuers() {
    return identities.issuers();
  }
}
