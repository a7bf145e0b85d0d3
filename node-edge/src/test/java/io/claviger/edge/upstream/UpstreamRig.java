package io.claviger.edge.upstream;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.config.load.HedgePolicy;
import io.claviger.edge.credential.Journal;
import io.claviger.edge.revocation.PushSequence;
import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.edge.telemetry.Meters;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.AssociationChanged;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import io.claviger.schemas.bus.PodReport;
import io.claviger.schemas.bus.PodReportReply;
import io.claviger.schemas.bus.PodsGone;
import io.claviger.schemas.bus.PublishedKeys;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.bus.RevokedPods;
import io.claviger.schemas.bus.Sync;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The edge's side of the event bus, with fake brokers. */
final class UpstreamRig implements AutoCloseable, BrokerPushes, CacheReport {

  static final Duration HEDGE_AFTER = Duration.ofMillis(350);
  static final int JOURNAL_SIZE = 200;

  final Vertx vertx = Vertx.vertx();
  final Context context = vertx.getOrCreateContext();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final EdgeMeters meters = new EdgeMeters(registry);
  final TestAuthority authority = new TestAuthority();
  final Path authorities;
  final Path tokenFile;
  final List<Position> positions = new CopyOnWriteArrayList<>();
  final List<String> nodeUids = new CopyOnWriteArrayList<>();
  final List<PublishedKeys> keySets = new CopyOnWriteArrayList<>();
  final List<AssociationChanged> changes = new CopyOnWriteArrayList<>();
  final List<RevokedPods> revokedPods = new CopyOnWriteArrayList<>();
  private final List<BrokerLinks> started = new CopyOnWriteArrayList<>();
  final List<Collection<AssociationKey>> verifiedAgain = new CopyOnWriteArrayList<>();
  final AtomicInteger confirmed = new AtomicInteger();
  final Map<AssociationKey, Sync.Known> cached = new ConcurrentHashMap<>();
  private final Map<String, PodReport.Pod> pods = new ConcurrentHashMap<>();
  final List<PodReportReply> podAnswers = new CopyOnWriteArrayList<>();
  final List<String> gone = new CopyOnWriteArrayList<>();
  final List<Sync.Known> notSo = new CopyOnWriteArrayList<>();

  /** How often all cached or served entries were read, and how often a single one. */
  final AtomicInteger looksAtAll = new AtomicInteger();

  final AtomicInteger looksAtOne = new AtomicInteger();
  volatile Runnable afterLookingAtAll = () -> {};
  private final Journal<AssociationKey> newlyKnown = new Journal<>(JOURNAL_SIZE);
  private final Journal<String> newPods = new Journal<>(JOURNAL_SIZE);

  /** Whether pushes arrive without a gap. */
  volatile boolean whole = true;

  UpstreamRig(Path directory) throws Exception {
    authorities = authority.writeTo(directory.resolve("ca.pem"));
    tokenFile = directory.resolve("token");
    rotate("token-1");
  }

  void rotate(String token) throws IOException {
    Files.writeString(tokenFile, token + "\n");
  }

  static PodReport.Pod pod(int number) {
    return new PodReport.Pod("app1", "web-" + number, "uid-" + number);
  }

  static Sync.Known known(int number) {
    return new Sync.Known(new AssociationKey("c1", "app1", "sa-" + number), "a-" + number, 1);
  }

  static AssociationChanged changed() {
    return new AssociationChanged(
        BusProtocol.VERSION, known(1).key(), 2, FakeBroker.AT_LOGIN.next(), FakeBroker.AT_LOGIN);
  }

  /** Adds entries to the cache. */
  void holds(int... numbers) {
    for (int number : numbers) {
      cached.put(known(number).key(), known(number));
      newlyKnown.add(known(number).key());
    }
  }

  /** Adds a pod to the served ones. */
  void serves(int number) {
    pods.put(pod(number).uid(), pod(number));
    newPods.add(pod(number).uid());
  }

  FakeBroker broker() throws Exception {
    return FakeBroker.start(vertx, authority.forLoopback());
  }

  UpstreamOptions options(FakeBroker... brokers) {
    return options(Duration.ofMinutes(30), 100, brokers);
  }

  UpstreamOptions options(Duration maxAge, int maxPending, FakeBroker... brokers) {
    List<HostPort> addresses =
        Stream.of(brokers).map(broker -> new HostPort("127.0.0.1", broker.port())).toList();
    return options("node-1", addresses, maxAge, maxPending, Duration.ofMinutes(1));
  }

  UpstreamOptions options(
      String node,
      List<HostPort> brokers,
      Duration maxAge,
      int maxPending,
      Duration rebalanceEvery) {
    return new UpstreamOptions(
        node, brokers, authorities, tokenFile, maxAge, rebalanceEvery, maxPending);
  }

  BrokerLinks connect(UpstreamOptions options) {
    BrokerLinks links = new BrokerLinks(vertx, context, options, this, this, () -> 0.5, meters);
    links.start();
    started.add(links);
    return links;
  }

  /** Connects to all of them. */
  HedgedBrokers asking(FakeBroker... brokers) {
    BrokerLinks links = connect(options(brokers));
    Awaitility.await().until(() -> links.connections() == brokers.length);
    return asking(links);
  }

  HedgedBrokers asking(BrokerLinks links) {
    return asking(links, Hedging.of(vertx, context, HEDGE_AFTER, meters));
  }

  HedgedBrokers asking(BrokerLinks links, Hedging hedging) {
    return new HedgedBrokers(vertx, context, links, hedging);
  }

  /**
   * Returns the hedging of an edge that is never late.
   *
   * @param hedgesAtOnce after which each hedge takes a hundred answers
   */
  Hedging hedging(int hedgesAtOnce, LongSupplier nanoTime) {
    return new Hedging(
        vertx,
        new HedgePolicy(HEDGE_AFTER, HEDGE_AFTER, 0.01, hedgesAtOnce),
        () -> Duration.ZERO,
        HEDGE_AFTER.dividedBy(2),
        nanoTime,
        meters);
  }

  static CompletionStage<CredentialReply> ask(HedgedBrokers brokers, Duration timeout) {
    return ask(brokers, null, timeout, false);
  }

  static CompletionStage<CredentialReply> ask(
      HedgedBrokers brokers, @Nullable Long waitMillis, Duration timeout, boolean otherFirst) {
    return brokers.ask(
        new CredentialRequest(
            BusProtocol.VERSION, "pod token", RequestPriority.FIRST, Position.NONE, waitMillis),
        timeout,
        otherFirst);
  }

  double count(String meter) {
    return registry.get("claviger.edge." + meter).counter().count();
  }

  double failedConnects() {
    return registry.get(Meters.CONNECTS).tag("result", "failed").counter().count();
  }

  @Override
  public void position(Position position) {
    positions.add(position);
  }

  @Override
  public void nodeUid(String uid) {
    nodeUids.add(uid);
  }

  @Override
  public void keys(PublishedKeys keys) {
    keySets.add(keys);
  }

  @Override
  public void revokedPods(RevokedPods reported) {
    revokedPods.add(reported);
  }

  @Override
  public boolean changed(PushSequence sequence, AssociationChanged changed) {
    changes.add(changed);
    return whole;
  }

  @Override
  public Position newest() {
    return FakeBroker.AT_LOGIN;
  }

  @Override
  public Collection<AssociationKey> associations() {
    looksAtAll.incrementAndGet();
    List<AssociationKey> all = List.copyOf(cached.keySet());
    afterLookingAtAll.run();
    return all;
  }

  @Override
  public Collection<Sync.Known> known(AssociationKey key) {
    looksAtOne.incrementAndGet();
    return Stream.ofNullable(cached.get(key)).toList();
  }

  @Override
  public Journal<AssociationKey> newlyKnown() {
    return newlyKnown;
  }

  @Override
  public void changed(Sync.Known known, Position position) {
    notSo.add(known);
  }

  @Override
  public Collection<String> podUids() {
    looksAtAll.incrementAndGet();
    return pods.keySet();
  }

  @Override
  public PodReport.@Nullable Pod pod(String uid) {
    looksAtOne.incrementAndGet();
    return pods.get(uid);
  }

  @Override
  public Journal<String> newPods() {
    return newPods;
  }

  @Override
  public void answered(PodReportReply reply) {
    podAnswers.add(reply);
  }

  @Override
  public void gone(PodsGone reported) {
    gone.addAll(reported.uids());
  }

  @Override
  public void confirmed() {
    confirmed.incrementAndGet();
  }

  @Override
  public void verifyAgain(Collection<AssociationKey> keys) {
    verifiedAgain.add(keys);
  }

  @Override
  public void close() {
    started.forEach(links -> await(links.stop()));
    await(vertx.close());
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
