package io.claviger.edge.ingress;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.config.lifecycle.HostPort;
import io.claviger.edge.audit.Deliveries;
import io.claviger.edge.audit.EventOutbox;
import io.claviger.edge.credential.BrokerAnswers;
import io.claviger.edge.credential.CachedAnswers;
import io.claviger.edge.credential.CredentialTimes;
import io.claviger.edge.credential.DeletedPods;
import io.claviger.edge.credential.Fetcher;
import io.claviger.edge.credential.Flights;
import io.claviger.edge.credential.Journal;
import io.claviger.edge.credential.NewPodCheck;
import io.claviger.edge.credential.NodeCredentials;
import io.claviger.edge.credential.NodeMemory;
import io.claviger.edge.credential.PodLookup;
import io.claviger.edge.credential.RefreshTokens;
import io.claviger.edge.credential.RefusalCache;
import io.claviger.edge.credential.ServedPods;
import io.claviger.edge.credential.SessionCache;
import io.claviger.edge.credential.Upstream;
import io.claviger.edge.revocation.AssociationChanges;
import io.claviger.edge.revocation.MinPositions;
import io.claviger.edge.revocation.PodRevocations;
import io.claviger.edge.revocation.PushSequence;
import io.claviger.edge.revocation.StalenessGuard;
import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.edge.workload.ClusterKeys;
import io.claviger.edge.workload.ServedHosts;
import io.claviger.edge.workload.TokenAge;
import io.claviger.edge.workload.TokenMemory;
import io.claviger.edge.workload.TokenMint;
import io.claviger.edge.workload.WorkloadTokens;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.AssociationChanged;
import io.claviger.schemas.bus.BusProtocol;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The endpoint on real sockets, with the packages behind it wired as in production, and the test's
 * brokers.
 */
final class TestIngress implements AutoCloseable {

  static final TokenMint MINT = new TokenMint("key-1");
  static final IngressTimes TIMES =
      new IngressTimes(
          Duration.ofMillis(900),
          Duration.ofMillis(500),
          Duration.ofSeconds(5),
          Duration.ofSeconds(2));
  static final IngressLimits LIMITS = new IngressLimits(64, 32, 100);

  private static final CredentialTimes CREDENTIAL_TIMES =
      new CredentialTimes(
          0.5,
          Duration.ofSeconds(60),
          Duration.ofMinutes(15),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(8));

  final MeterRegistry registry = new SimpleMeterRegistry();
  final EventOutbox outbox = new EventOutbox(1_000, () -> {});
  final IngressVertx ingress = IngressVertx.start(1_000);
  final CredentialListeners listeners;
  private final EdgeMeters meters = new EdgeMeters(registry);
  private final InstantSource clock = () -> this.time.instant();
  private final ClusterKeys keys = new ClusterKeys(clock);
  private final WorkloadTokens tokens =
      new WorkloadTokens(
          TokenMint.NODE,
          keys,
          new TokenMemory(100, Duration.ofMinutes(15), clock, Ticker.systemTicker()),
          clock);
  private final MinPositions minPositions = new MinPositions(100, Ticker.systemTicker());
  private final NodeMemory memory =
      new NodeMemory(
          new SessionCache(
              100, CREDENTIAL_TIMES, minPositions, clock, () -> 0.5, new Journal<>(100)),
          new RefusalCache(
              100, CREDENTIAL_TIMES.refusalMemory(), Ticker.systemTicker(), new Journal<>(100)),
          new RefreshTokens(100, clock));
  private final AssociationChanges changes =
      new AssociationChanges(minPositions, new CachedAnswers(memory), kind -> {});
  volatile boolean connected = true;

  /** A source that throws simulates a bug of the edge. */
  volatile InstantSource time = InstantSource.system();

  private boolean stopped;

  private TestIngress(
      Upstream brokers, List<HostPort> addresses, IngressTimes times, IngressLimits limits) {
    CredentialRoute route =
        new CredentialRoute(
            ingress.vertx(),
            new ServedHosts(List.of("127.0.0.1"), false),
            tokens,
            credentials(brokers),
            times,
            limits,
            new PodResponder(
                limits.workloads(),
                new Deliveries(100, outbox, () -> {}, clock),
                () -> connected,
                meters));
    listeners =
        new CredentialListeners(ingress, addresses, route, limits, times, () -> 0.5, meters);
  }

  /** Listens on one loopback port that the system chooses. */
  static TestIngress start(Upstream brokers) {
    return start(brokers, List.of(new HostPort("127.0.0.1", 0)), TIMES, LIMITS);
  }

  static TestIngress start(
      Upstream brokers, List<HostPort> addresses, IngressTimes times, IngressLimits limits) {
    TestIngress started = new TestIngress(brokers, addresses, times, limits);
    started.tokens.accept(MINT.published(Instant.now()));
    await(started.listeners.start());
    return started;
  }

  private NodeCredentials credentials(Upstream brokers) {
    PodRevocations podRevocations = new PodRevocations();
    ServedPods served = new ServedPods(100, Ticker.systemTicker());
    Vertx vertx = ingress.vertx();
    Fetcher fetcher =
        new Fetcher(
            brokers,
            new BrokerAnswers(tokens, memory, minPositions, podRevocations, served),
            minPositions,
            new Flights(100, CREDENTIAL_TIMES.flightDeadline()),
            (delay, task) -> {
              long timer = vertx.setTimer(Math.max(1, delay.toMillis()), id -> task.run());
              return () -> vertx.cancelTimer(timer);
            },
            clock,
            meters);
    return new NodeCredentials(
        memory,
        fetcher,
        new StalenessGuard(Optional.empty(), Ticker.systemTicker(), stale -> {}),
        podRevocations,
        new NewPodCheck(
            served,
            pod -> CompletableFuture.completedStage(PodLookup.Presence.THERE),
            new DeletedPods(tokens, memory, served),
            tokens),
        new TokenAge(CREDENTIAL_TIMES.associationWait(), clock));
  }

  /** A broker pushes that an association changed. */
  void changed(AssociationKey key, long revision, Position position) {
    changes.apply(
        new PushSequence(Position.NONE),
        new AssociationChanged(BusProtocol.VERSION, key, revision, position, Position.NONE));
  }

  int port() {
    return listeners.ports().getFirst();
  }

  /** Returns a token of the pod that is valid here and now. */
  static String token(String podUid) {
    return MINT.token(Instant.now().minusSeconds(1)).pod(podUid).sign();
  }

  double requests(String result) {
    return registry.get("claviger.edge.requests").tag("result", result).counter().count();
  }

  double cutOff() {
    return registry.get("claviger.edge.clients.cut.off").counter().count();
  }

  void stop(Duration pause) {
    stopped = true;
    await(listeners.stop(pause));
  }

  @Override
  public void close() {
    if (!stopped) {
      stop(Duration.ofMillis(1));
    }
    await(ingress.vertx().close());
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
