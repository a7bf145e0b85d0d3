package io.claviger.broker.app;

import io.claviger.broker.adapter.kafka.KafkaAuditLog;
import io.claviger.broker.adapter.kubernetes.UncaughtFailures;
import io.claviger.broker.association.Grants;
import io.claviger.broker.audit.NodeEventLog;
import io.claviger.broker.ingress.CertificateFiles;
import io.claviger.broker.ingress.ServedCertificate;
import io.claviger.broker.ingress.admission.AdmissionServer;
import io.claviger.broker.ingress.api.ApiServer;
import io.claviger.broker.issuance.CredentialIssuer;
import io.claviger.broker.issuance.ReportedRefusals;
import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.broker.telemetry.Meters;
import io.claviger.broker.telemetry.PodMeters;
import io.claviger.broker.telemetry.TokenMeters;
import io.claviger.config.cluster.ClusteredVertx;
import io.claviger.config.cluster.SealingKeys;
import io.claviger.config.lifecycle.HostPort;
import io.claviger.config.lifecycle.ManagementServer;
import io.claviger.config.lifecycle.Readiness;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.event.CredentialEvent;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running broker: its packages, wired, in the order in which they can start and stop. */
final class BrokerProcess {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerProcess.class);
  private static final Duration CERTIFICATE_CHECK = Duration.ofSeconds(10);
  private static final long LOOK_AGAIN_MILLIS = 50;

  /**
   * Enough event loops that few connections share one with the event bus. Work on a shared loop
   * would look like a silent broker.
   */
  private static final int EVENT_LOOPS = Math.max(16, VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE);

  private static final String LISTENERS = "edge bridge and API";

  private final BrokerSettings settings;
  private final Vertx vertx;
  private final InstantSource clock = InstantSource.system();
  private final IngressMeters ingressMeters;
  private final Readiness readiness = new Readiness();
  private final AtomicBoolean open = new AtomicBoolean();
  private final Promise<Void> ready = Promise.promise();
  private final ManagementServer management;
  private final AssociationLog log;
  private final KafkaAuditLog audit;
  private final BrokerIssuance issuance;
  private final ApiServers apiServers;
  private final BrokerIdentities identities;
  private final BrokerEdges edges;
  private final Optional<ApiServer> api;
  private final Optional<AdmissionServer> admission;
  private final BrokerObjects objects;

  private BrokerProcess(
      BrokerSettings settings,
      ClusteredVertx joined,
      SealingKeys sealingKeys,
      PrometheusMeterRegistry meters) {
    this.settings = settings;
    this.vertx = joined.vertx().exceptionHandler(new UncaughtFailures());
    ingressMeters = new IngressMeters(meters);
    management = new ManagementServer(vertx, readiness, meters);
    RegisteredClusters clusters = new RegisteredClusters(settings.clusters());
    Supplier<Grants> grants =
        settings.api().grants().map(file -> GrantsFile.open(vertx, file)).orElse(() -> Grants.NONE);
    log = new AssociationLog(joined, settings, clusters, grants, clock, meters);
    audit =
        new KafkaAuditLog(
            vertx, log.clients(), settings.kafka().maxQueuedEvents(), UUID::randomUUID, meters);
    BrokerSettings.Peers peers = settings.peers();
    new ServedCertificate(
            new CertificateFiles(peers.tls().certificate(), peers.tls().key()),
            Optional.of(peers.ca()),
            CERTIFICATE_CHECK,
            result -> meters.counter(Meters.PEER_CERTIFICATES, "result", result).increment())
        .watch(vertx, joined.certificates()::use);
    SealingKeys keys = new SealingKeyFiles(vertx, sealingKeys).keys();
    issuance = new BrokerIssuance(joined, settings, keys, log, audit, meters);
    PodMeters podMeters = new PodMeters(meters);
    apiServers =
        new ApiServers(vertx, settings, log.associations(), new TokenMeters(meters), podMeters);
    identities = new BrokerIdentities(vertx, settings, clusters, apiServers, audit);
    CredentialIssuer issuer = new ReportedRefusals(issuance.issuer(), apiServers.notices());
    edges =
        new BrokerEdges(
            settings, log, identities, issuer, new NodeEventLog(audit), ingressMeters, podMeters);
    api =
        new BrokerApi(clusters, grants, log, keys, identities.tokens(), issuer, meters)
            .server(vertx, settings);
    admission =
        new BrokerAdmission(log.associations(), audit, apiServers::uninjected, meters)
            .server(vertx, settings);
    objects = new BrokerObjects(vertx, settings, clusters, log, grants, meters);
  }

  /**
   * Starts a broker. Completes as soon as the broker serves its probes; edges are admitted once it
   * is ready. Fails if it cannot listen, join, or read a file.
   */
  static Future<BrokerProcess> start(BrokerSettings settings) {
    BrokerSettings.Peers peers = settings.peers();
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    SealingKeys keys = SealingKeys.open(peers.sealingKeys());
    return ClusteredVertx.join(
            new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS),
            PeerSettings.bus(peers),
            PeerSettings.hazelcast(peers),
            keys)
        // Wiring reads files and loads half of the class path: not on an event loop.
        .compose(
            joined ->
                joined
                    .vertx()
                    .executeBlocking(() -> new BrokerProcess(settings, joined, keys, meters))
                    .compose(BrokerProcess::start));
  }

  private Future<BrokerProcess> start() {
    issuance.listen();
    apiServers.listeners().forEach(log.table()::listen);
    edges.listen();
    log.age().listen(this::recordAge);
    // Set from the start, so that no probe reports ready while the endpoints are closed.
    readiness.require(LISTENERS, open::get);
    readiness.require("association table", log::caughtUp);
    readiness.require("log topics as they have to be", () -> !log.topicsRefused());
    issuance.require(readiness);
    identities.require(readiness);
    BrokerSettings.Management at = settings.management();
    return management
        .with("/associations", () -> SchemaJson.write(log.status()))
        .listen(new HostPort(at.host(), at.port()))
        .compose(port -> issuance.deployOwner(() -> lacksListenersAtMost() && !log.age().tooOld()))
        .compose(id -> log.show())
        .compose(v -> identities.refreshKeys(ingressMeters))
        .compose(id -> apiServers.watch())
        .compose(watches -> edges.deployHandlers(vertx))
        .map(
            id -> {
              var unused = log.start().onFailure(ready::tryFail);
              issuance.start();
              admission.ifPresent(AdmissionServer::prepare);
              return this;
            });
  }

  private boolean lacksListenersAtMost() {
    return readiness.missing().stream().allMatch(LISTENERS::equals);
  }

  private void recordAge(boolean tooOld) {
    CredentialEvent.Type type =
        tooOld ? CredentialEvent.Type.STALENESS_EXCEEDED : CredentialEvent.Type.STALENESS_ENDED;
    for (BrokerSettings.Cluster cluster : settings.clusters()) {
      audit.record(
          CredentialEvent.of(type, clock.instant(), settings.name(), cluster.name()).build());
    }
  }

  /**
   * Admits edges, clients of the API and API servers once this broker is ready. Fails if it cannot
   * listen. Fails with {@link io.claviger.config.settings.SettingsException} if Kafka's topics are
   * unusable.
   */
  Future<Void> open() {
    return ready()
        .compose(v -> vertx.deployVerticle(edges.bridge()))
        .compose(id -> api.map(vertx::deployVerticle).orElseGet(Future::succeededFuture))
        .compose(id -> admission.map(vertx::deployVerticle).orElseGet(Future::succeededFuture))
        .map(
            id -> {
              open.set(true);
              objects.start();
              LOG.atInfo()
                  .addKeyValue("name", settings.name())
                  .addKeyValue("port", settings.bridge().port())
                  .log("broker is ready");
              return null;
            });
  }

  /** Stops from the outside in: edges first, the membership last. */
  Future<Void> stop() {
    readiness.require("not stopping", () -> false);
    issuance.stopWarmUp();
    LOG.atInfo().addKeyValue("name", settings.name()).log("broker is stopping");
    return Future.all(vertx.deploymentIDs().stream().map(vertx::undeploy).toList())
        .otherwiseEmpty()
        .compose(v -> vertx.executeBlocking(this::closePackages))
        .compose(v -> log.close())
        .compose(v -> audit.close())
        .otherwiseEmpty()
        .eventually(management::close)
        .eventually(vertx::close)
        .mapEmpty();
  }

  private Void closePackages() {
    objects.close();
    issuance.close();
    apiServers.close();
    return null;
  }

  private Future<Void> ready() {
    vertx.setPeriodic(
        LOOK_AGAIN_MILLIS,
        timer -> {
          if (lacksListenersAtMost()) {
            ready.tryComplete();
          }
          if (ready.future().isComplete()) {
            vertx.cancelTimer(timer);
          }
        });
    return ready.future();
  }
}
