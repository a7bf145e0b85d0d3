package io.claviger.edge.app;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.config.http.ApiServerClient;
import io.claviger.config.http.RotatedFiles;
import io.claviger.config.lifecycle.HostPort;
import io.claviger.config.lifecycle.Readiness;
import io.claviger.config.lifecycle.WarmUp;
import io.claviger.edge.audit.Deliveries;
import io.claviger.edge.audit.EventOutbox;
import io.claviger.edge.credential.CredentialTimes;
import io.claviger.edge.credential.Fetcher;
import io.claviger.edge.credential.Flights;
import io.claviger.edge.credential.PodLookup;
import io.claviger.edge.credential.RefreshAhead;
import io.claviger.edge.credential.SessionCache;
import io.claviger.edge.credential.Upstream;
import io.claviger.edge.ingress.CredentialListeners;
import io.claviger.edge.ingress.CredentialRoute;
import io.claviger.edge.ingress.IngressLimits;
import io.claviger.edge.ingress.IngressTimes;
import io.claviger.edge.ingress.IngressVertx;
import io.claviger.edge.ingress.PodResponder;
import io.claviger.edge.kubernetes.NodeObject;
import io.claviger.edge.kubernetes.StartupTaint;
import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.edge.telemetry.EdgeMeters.AuditResult;
import io.claviger.edge.telemetry.Meters;
import io.claviger.edge.upstream.BrokerLinks;
import io.claviger.edge.upstream.BrokerPodLookup;
import io.claviger.edge.upstream.EventSender;
import io.claviger.edge.upstream.HedgedBrokers;
import io.claviger.edge.upstream.Hedging;
import io.claviger.edge.upstream.UpstreamOptions;
import io.claviger.edge.workload.ServedHosts;
import io.claviger.edge.workload.TokenAge;
import io.claviger.schemas.bus.NodeEvent;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/** Puts an edge together: the only class that depends on all packages. */
final class EdgeWiring {

  private static final int CONCURRENT_REFRESHES = 64;
  private static final StartupTaint.Times TAINT_TIMES =
      new StartupTaint.Times(Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofMinutes(2));

  /** An API server's response is aborted after this long without data. */
  private static final Duration API_SERVER_SILENCE = Duration.ofSeconds(150);

  private static final Duration AGE_CHECK = Duration.ofSeconds(1);
  private static final Duration SWEEP_EVERY = Duration.ofMillis(200);

  private final EdgeSettings settings;
  private final IngressLimits limits;
  private final IngressVertx ingress;

  /** The Vert.x that answers pods. */
  private final Vertx vertx;

  /** The Vert.x for brokers and the API server, separate so that neither loop blocks the other. */
  private final Vertx upstream;

  private final Context context;
  private final InstantSource clock = InstantSource.system();
  private final DoubleSupplier random = EdgeWiring::random;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final EdgeMeters meters = new EdgeMeters(registry);
  private final CredentialTimes times;
  private final EventOutbox outbox;
  private final NodeState state;
  private final Flights flights;

  private EdgeWiring(EdgeSettings settings) {
    this.settings = settings;
    this.limits = limits(settings.limits());
    this.ingress = IngressVertx.start(limits.connectionsWithin(Runtime.getRuntime().maxMemory()));
    this.vertx = ingress.vertx();
    this.upstream = IngressVertx.startUpstream();
    this.context = upstream.getOrCreateContext();
    this.times = NodeState.times(settings);
    this.outbox = new EventOutbox(settings.audit().maxQueued(), this::dropped);
    this.state =
        NodeState.of(
            settings.node(),
            settings,
            times,
            clock,
            Ticker.systemTicker(),
            random,
            this::stalenessTurned);
    this.flights = new Flights(settings.limits().concurrentRequests(), times.flightDeadline());
  }

  static Edge wire(EdgeSettings settings, Function<Vertx, WarmUp> warmUp) {
    EdgeWiring wiring = new EdgeWiring(settings);
    return wiring.wire(warmUp.apply(wiring.vertx));
  }

  private void dropped() {
    meters.audit(AuditResult.DROPPED);
  }

  private void stalenessTurned(boolean stale) {
    outbox.add(
        stale
            ? new NodeEvent.StalenessExceeded(clock.instant())
            : new NodeEvent.StalenessEnded(clock.instant()));
  }

  private Edge wire(WarmUp warmUp) {
    NodePushes node = new NodePushes(state, meters);
    BrokerLinks links = new BrokerLinks(upstream, context, brokers(), node, node, random, meters);
    EventSender events =
        new EventSender(upstream, context, links, outbox, random, System::nanoTime, meters);
    Hedging hedging = Hedging.of(upstream, context, settings.upstream().hedgeAfter(), meters);
    Fetcher fetcher = fetcher(new HedgedBrokers(upstream, context, links, hedging));
    refreshAhead(fetcher);
    ApiServerClient apiServer = apiServerClient();
    CredentialListeners listeners =
        listeners(fetcher, brokerPodLookup(links, hedging, node), () -> links.connections() > 0);
    Readiness readiness = new Readiness();
    readiness.require("logged in at a broker", links::everLoggedIn);
    readiness.require("warmed up", warmUp::over);
    meters.read(Meters.WARM_UP, warmUp::seconds);
    readiness.require("listening", () -> listeners.listening() > 0);
    read(links, listeners);
    settings
        .kubernetes()
        .startupTaint()
        .ifPresent(taint -> removeTaint(apiServer, taint, readiness, links));
    return new Edge(
        settings,
        vertx,
        warmUp,
        new Edge.Upstream(upstream, links, events),
        new Predecessor(vertx, addresses(settings.listen())),
        listeners,
        new Management(vertx, settings.management(), readiness, registry, random, meters));
  }

  private void removeTaint(
      ApiServerClient apiServer, String taint, Readiness readiness, BrokerLinks links) {
    new StartupTaint(
            upstream,
            context,
            () -> readiness.missing().isEmpty(),
            links::everLoggedIn,
            new NodeObject(upstream, apiServer, settings.node(), taint, clock),
            TAINT_TIMES,
            System::nanoTime)
        .start();
  }

  private ApiServerClient apiServerClient() {
    EdgeSettings.Kubernetes at = settings.kubernetes();
    return new ApiServerClient(
        upstream,
        at.url().orElseGet(() -> ApiServerClient.fromEnvironment(System.getenv())),
        RotatedFiles.of(at.tokenFile(), at.ca()),
        API_SERVER_SILENCE);
  }

  private UpstreamOptions brokers() {
    EdgeSettings.Upstream at = settings.upstream();
    return new UpstreamOptions(
        settings.node(),
        addresses(at.brokers()),
        at.ca(),
        at.tokenFile(),
        at.maxConnectionAge(),
        UpstreamOptions.REBALANCE_EVERY,
        UpstreamOptions.MAX_PENDING);
  }

  private static List<HostPort> addresses(List<String> texts) {
    return texts.stream().map(HostPort::parse).toList();
  }

  private Fetcher fetcher(Upstream brokers) {
    return new Fetcher(
        brokers, state.brokerAnswers(), state.minPositions(), flights, this::after, clock, meters);
  }

  private Runnable after(Duration delay, Runnable task) {
    long timer = upstream.setTimer(Math.max(1, delay.toMillis()), id -> task.run());
    return () -> upstream.cancelTimer(timer);
  }

  private void refreshAhead(Fetcher fetcher) {
    RefreshAhead refresh =
        new RefreshAhead(
            state.memory(), fetcher, times, CONCURRENT_REFRESHES, clock, random, meters);
    context.runOnContext(
        nothing -> {
          upstream.setPeriodic(SWEEP_EVERY.toMillis(), id -> refresh.sweep());
          upstream.setPeriodic(AGE_CHECK.toMillis(), id -> state.staleness().stale());
        });
  }

  private BrokerPodLookup brokerPodLookup(BrokerLinks links, Hedging hedging, NodePushes node) {
    return new BrokerPodLookup(
        context,
        links,
        node,
        hedging,
        settings.credentials().deadline().multipliedBy(3).dividedBy(4),
        settings.limits().concurrentRequests(),
        meters);
  }

  private CredentialListeners listeners(
      Fetcher fetcher, PodLookup brokers, BooleanSupplier connected) {
    List<HostPort> listen = addresses(settings.listen());
    IngressTimes ingressTimes = ingressTimes();
    CredentialRoute route =
        new CredentialRoute(
            vertx,
            new ServedHosts(
                listen.stream().map(HostPort::host).toList(), settings.allowLoopbackHost()),
            state.tokens(),
            state.credentials(fetcher, brokers, new TokenAge(times.associationWait(), clock)),
            ingressTimes,
            limits,
            new PodResponder(
                limits.workloads(),
                new Deliveries(settings.limits().tokens(), outbox, this::dropped, clock),
                connected,
                meters));
    return new CredentialListeners(ingress, listen, route, limits, ingressTimes, random, meters);
  }

  private static IngressLimits limits(EdgeSettings.Limits limits) {
    return new IngressLimits(
        limits.concurrentRequests(), limits.concurrentRequestsPerPod(), limits.workloads());
  }

  private IngressTimes ingressTimes() {
    return new IngressTimes(
        settings.credentials().deadline(),
        settings.credentials().unavailablePause(),
        settings.limits().slowClient(),
        settings.drain());
  }

  private void read(BrokerLinks links, CredentialListeners listeners) {
    meters.read(Meters.FLIGHTS_UNDER_WAY, flights::size);
    SessionCache sessions = state.memory().sessions();
    meters.read(Meters.SESSIONS, sessions::size);
    meters.read(Meters.PODS_SERVED, state.served()::size);
    meters.read(Meters.SHORTEST_REMAINING, () -> sessions.shortestRemaining().toMillis() / 1e3);
    meters.read(Meters.BELOW_ALARM, sessions::belowAlarm);
    meters.read(Meters.KEY_SET_AGE, () -> state.keySetAge(clock.instant()));
    meters.read(Meters.STALENESS, () -> state.staleness().age().toMillis() / 1e3);
    meters.read(Meters.CONNECTIONS, links::connections);
    meters.read(Meters.AUDIT_QUEUED, outbox::size);
    meters.read(Meters.LISTENING, listeners::listening);
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }
}
