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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The half of an edge that brokers see, by the edge's own code: two connections, logins, reports,
 * pushes and requests. Its node has one pod, which no listener answers; of a session it keeps which
 * revision of the association it is of.
 */
final class VirtualEdge implements BrokerPushes, CacheReport, CacheInvalidation {

  /** As pods wait. */
  private static final Duration WAIT = Duration.ofMillis(900);

  private static final Duration HEDGE_AFTER = Duration.ofMillis(350);
  private static final Duration MAX_CONNECTION_AGE = Duration.ofHours(1);

  /** What is suspect is asked for again within this time, as edges do. */
  private static final int VERIFY_WITHIN_MILLIS = 2_000;

  private static final int SERVED = 200;
  private static final int REFUSED = 403;
  private static final int UNAVAILABLE = 503;

  private final Vertx vertx;
  private final Plan plan;
  private final BrokerLinks links;
  private final HedgedBrokers brokers;
  private final MinPositions minPositions = new MinPositions(4, Ticker.systemTicker());
  private final AssociationChanges changes = new AssociationChanges(minPositions, this, kind -> {});
  private final Journal<AssociationKey> newlyKnown = new Journal<>(4);
  private final Journal<String> newPods = new Journal<>(4);
  private volatile @Nullable Cached cached;
  private volatile long forgottenMicros;

  /**
   * What an edge is, in a line of a file.
   *
   * @param node that it is on
   * @param tokenFile with its own token
   * @param pod of its node
   * @param podToken of this pod
   */
  record Plan(String node, Path tokenFile, PodReport.Pod pod, String podToken) {

    String line() {
      return String.join(
          " ", node, tokenFile.toString(), pod.namespace(), pod.name(), pod.uid(), podToken);
    }

    static Plan parse(String line) {
      List<String> words = List.of(line.split(" ", -1));
      return new Plan(
          words.get(0),
          Path.of(words.get(1)),
          new PodReport.Pod(words.get(2), words.get(3), words.get(4)),
          words.get(5));
    }
  }

  private record Cached(Sync.Known known, Position position) {}

  /**
   * Connects to nobody yet.
   *
   * @param vertx of one event loop, which many of them share
   * @param bridges of the brokers
   * @param authorities that sign the brokers' certificates
   */
  VirtualEdge(Vertx vertx, Plan plan, List<HostPort> bridges, Path authorities, EdgeMeters meters) {
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

  /** Starts to connect, and does not stop trying. From any thread. */
  void connect() {
    links.start();
  }

  /** How many brokers it is logged in at. From any thread. */
  int connections() {
    return links.connections();
  }

  /** When it last forgot its session because of a change, micros of the epoch; 0 for never. */
  long forgottenMicros() {
    return forgottenMicros;
  }

  /** Asks a broker for its pod's session: with which status a pod would be answered. */
  CompletionStage<Integer> ask() {
    return brokers
        .ask(
            new CredentialRequest(
                BusProtocol.VERSION,
                plan.podToken(),
                RequestPriority.FIRST,
                minPositions.newest(),
                WAIT.toMillis()),
            WAIT,
            false)
        .thenApply(this::answered);
  }

  private int answered(CredentialReply reply) {
    return switch (reply) {
      case CredentialReply.Issued issued -> {
        keep(issued);
        yield SERVED;
      }
      case CredentialReply.Refused refused -> REFUSED;
      case CredentialReply.Unavailable unavailable -> UNAVAILABLE;
    };
  }

  private void keep(CredentialReply.Issued issued) {
    minPositions.saw(issued.position());
    AssociationKey key = AssociationKey.of(issued.workload());
    if (minPositions.permits(key, issued.position())) {
      boolean isFirst = newPods.end() == 0;
      cached =
          new Cached(
              new Sync.Known(key, issued.associationId(), issued.revision()), issued.position());
      newlyKnown.add(key);
      if (isFirst) {
        newPods.add(plan.pod().uid());
      }
    }
  }

  @Override
  public void forget(AssociationKey key, Position position, long revision) {
    Cached now = cached;
    if (now != null
        && now.known().key().equals(key)
        && now.known().revision() != revision
        && !now.position().isAtLeast(position)) {
      forget();
    }
  }

  @Override
  public void forgetRevision(AssociationKey key, String associationId, long revision) {
    Cached now = cached;
    if (now != null && now.known().equals(new Sync.Known(key, associationId, revision))) {
      forget();
    }
  }

  private void forget() {
    cached = null;
    forgottenMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
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
    Cached now = cached;
    return now == null ? List.of() : List.of(now.known().key());
  }

  @Override
  public Collection<Sync.Known> known(AssociationKey key) {
    Cached now = cached;
    return now == null || !now.known().key().equals(key) ? List.of() : List.of(now.known());
  }

  @Override
  public Journal<AssociationKey> newlyKnown() {
    return newlyKnown;
  }

  @Override
  public Collection<String> podUids() {
    return newPods.end() == 0 ? List.of() : List.of(plan.pod().uid());
  }

  @Override
  public PodReport.Pod pod(String uid) {
    return plan.pod();
  }

  @Override
  public Journal<String> newPods() {
    return newPods;
  }

  @Override
  public void verifyAgain(Collection<AssociationKey> keys) {
    vertx.setTimer(
        1 + ThreadLocalRandom.current().nextInt(VERIFY_WITHIN_MILLIS),
        timer -> {
          // Whatever it says is kept, or asked for again.
          var unused = ask();
        });
  }

  /** It looks at no names of nodes. */
  @Override
  public void nodeUid(String uid) {}

  /** It verifies no tokens. */
  @Override
  public void keys(PublishedKeys keys) {}

  /** Its pod stays. */
  @Override
  public void gone(PodsGone gone) {}

  /** It has no limit of staleness. */
  @Override
  public void confirmed() {}

  /** Its pod stays. */
  @Override
  public void answered(PodReportReply reply) {}
}
