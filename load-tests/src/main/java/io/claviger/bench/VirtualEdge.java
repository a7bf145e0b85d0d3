package io.claviger.bench;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.config.lifecycle.HostPort;
import io.claviger.edge.credential.Journal;
import io.claviger.edge.revocation.AssociationChanges;
import io.claviger.edge.revocation.CacheInvalidation;
import io.claviger.edge.revocation.MinPositions;
import io.claviger.edge.revocation.PushSequence;
import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.edge.upstream.BrokerLinks;
import io.claviger.edge.upstream.BrokerPushes;
import io.claviger.edge.upstream.CacheReport;
import io.claviger.edge.upstream.HedgedBrokers;
import io.claviger.edge.upstream.Hedging;
import io.claviger.edge.upstream.UpstreamOptions;
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
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The broker side of an edge, with the edge's own code: two connections, logins, reports, pushes
 * and requests. It has no listener for pods. Of a session it stores only the association's
 * revision.
 */
final class VirtualEdge implements BrokerPushes, CacheReport, CacheInvalidation {

  /** The time that pods wait. */
  private static final Duration WAIT = Duration.ofMillis(900);

  private static final Duration HEDGE_AFTER = Duration.ofMillis(350);
  private static final Duration MAX_CONNECTION_AGE = Duration.ofHours(1);

  /** Number of newest entries; a reader that has missed more reads everything. */
  private static final int JOURNAL = 256;

  /** Requests a suspect session again within this time, as edges do. */
  private static final int VERIFY_WITHIN_MILLIS = 2_000;

  static final int SERVED = 200;
  private static final int REFUSED = 403;
  private static final int UNAVAILABLE = 503;

  private final Vertx vertx;
  private final VirtualEdgePlan plan;
  private final BrokerLinks links;
  private final HedgedBrokers brokers;
  private final MinPositions minPositions = new MinPositions(JOURNAL, Ticker.systemTicker());
  private final AssociationChanges changes = new AssociationChanges(minPositions, this, kind -> {});
  private final Journal<AssociationKey> newlyKnown = new Journal<>(JOURNAL);
  private final Journal<String> newPods = new Journal<>(JOURNAL);
  private final Map<AssociationKey, Cached> cached = new ConcurrentHashMap<>();
  private final Map<String, PodReport.Pod> served = new ConcurrentHashMap<>();
  private volatile long forgottenMicros;

  private record Cached(Sync.Known known, Position position) {}

  /**
   * Connects to no broker yet.
   *
   * @param vertx with one event loop, which many edges share
   * @param bridges of the brokers
   * @param authorities that sign the brokers' certificates
   */
  VirtualEdge(
      Vertx vertx,
      VirtualEdgePlan plan,
      List<HostPort> bridges,
      Path authorities,
      EdgeMeters meters) {
    this.vertx = vertx;
    this.plan = plan;
    Context context = vertx.getOrCreateContext();
    this.links =
        new BrokerLinks(
            vertx,
            context,
            new UpstreamOptions(
                plan.node(),
                bridges,
                authorities,
                plan.tokenFile(),
                MAX_CONNECTION_AGE,
                UpstreamOptions.REBALANCE_EVERY,
                UpstreamOptions.MAX_PENDING),
            this,
            this,
            () -> ThreadLocalRandom.current().nextDouble(),
            meters);
    this.brokers =
        new HedgedBrokers(vertx, context, links, Hedging.of(vertx, context, HEDGE_AFTER, meters));
  }

  /** Starts to connect, and retries until it succeeds. From any thread. */
  void connect() {
    links.start();
  }

  /** The number of brokers where it is logged in. From any thread. */
  int connections() {
    return links.connections();
  }

  /**
   * When it last dropped its session because of a change, microseconds of the epoch; 0 for never.
   */
  long forgottenMicros() {
    return forgottenMicros;
  }

  /** The number of pods on its node. */
  int pods() {
    return plan.pods().size();
  }

  /** Whether it has a session. From any thread. */
  boolean hasSession() {
    return !cached.isEmpty();
  }

  /**
   * Requests a pod's session from a broker; returns the status that an edge would send to that pod.
   */
  CompletionStage<Integer> ask(int number) {
    VirtualEdgePlan.Pod pod = plan.pods().get(number);
    return brokers
        .ask(
            new CredentialRequest(
                BusProtocol.VERSION,
                pod.token(),
                RequestPriority.FIRST,
                minPositions.newest(),
                WAIT.toMillis()),
            WAIT,
            false)
        .thenApply(reply -> answered(pod.pod(), reply));
  }

  private int answered(PodReport.Pod pod, CredentialReply reply) {
    return switch (reply) {
      case CredentialReply.Issued issued -> {
        keep(pod, issued);
        yield SERVED;
      }
      case CredentialReply.Refused refused -> REFUSED;
      case CredentialReply.Unavailable unavailable -> UNAVAILABLE;
    };
  }

  private void keep(PodReport.Pod pod, CredentialReply.Issued issued) {
    minPositions.saw(issued.position());
    AssociationKey key = AssociationKey.of(issued.workload());
    if (minPositions.permits(key, issued.position())) {
      cached.put(
          key,
          new Cached(
              new Sync.Known(key, issued.associationId(), issued.revision()), issued.position()));
      newlyKnown.add(key);
      if (served.putIfAbsent(pod.uid(), pod) == null) {
        newPods.add(pod.uid());
      }
    }
  }

  @Override
  public void forget(AssociationKey key, Position position, long revision) {
    forget(key, now -> now.known().revision() != revision && !now.position().isAtLeast(position));
  }

  @Override
  public void forgetRevision(AssociationKey key, String associationId, long revision) {
    forget(key, now -> now.known().equals(new Sync.Known(key, associationId, revision)));
  }

  private void forget(AssociationKey key, Predicate<Cached> which) {
    Cached now = cached.get(key);
    if (now != null && which.test(now) && cached.remove(key, now)) {
      forgottenMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
  }

  @Override
  public void position(Position position) {
    minPositions.saw(position);
  }

  @Override
  public boolean changed(PushSequence sequence, AssociationChanged changed) {
    return changes.apply(sequence, changed) == AssociationChanges.Kind.IN_ORDER;
  }

  @Override
  public void changed(Sync.Known known, Position position) {
    changes.apply(known, position);
  }

  @Override
  public void revokedPods(RevokedPods revokedPods) {
    minPositions.saw(revokedPods.position());
  }

  @Override
  public Position newest() {
    return minPositions.newest();
  }

  @Override
  public Collection<AssociationKey> associations() {
    return Set.copyOf(cached.keySet());
  }

  @Override
  public Collection<Sync.Known> known(AssociationKey key) {
    Cached now = cached.get(key);
    return now == null ? List.of() : List.of(now.known());
  }

  @Override
  public Journal<AssociationKey> newlyKnown() {
    return newlyKnown;
  }

  @Override
  public Collection<String> podUids() {
    return Set.copyOf(served.keySet());
  }

  @Override
  public PodReport.@Nullable Pod pod(String uid) {
    return served.get(uid);
  }

  @Override
  public Journal<String> newPods() {
    return newPods;
  }

  @Override
  public void verifyAgain(Collection<AssociationKey> keys) {
    keys.forEach(key -> plan.podOf(key).ifPresent(this::verifyAgain));
  }

  private void verifyAgain(int number) {
    vertx.setTimer(
        1 + ThreadLocalRandom.current().nextInt(VERIFY_WITHIN_MILLIS),
        timer -> {
          // The reply is stored or requested again.
          var unused = ask(number);
        });
  }

  /** Does not check node names. */
  @Override
  public void nodeUid(String uid) {}

  /** Verifies no tokens. */
  @Override
  public void keys(PublishedKeys keys) {}

  /** Its pods stay. */
  @Override
  public void gone(PodsGone gone) {}

  /** Has no limit of staleness. */
  @Override
  public void confirmed() {}

  /** Its pods stay. */
  @Override
  public void answered(PodReportReply reply) {}
}
