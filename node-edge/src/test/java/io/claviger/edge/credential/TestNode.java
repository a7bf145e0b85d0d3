package io.claviger.edge.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.config.trust.TokenHash;
import io.claviger.edge.revocation.AssociationChanges;
import io.claviger.edge.revocation.MinPositions;
import io.claviger.edge.revocation.PodRevocations;
import io.claviger.edge.revocation.PushSequence;
import io.claviger.edge.revocation.StalenessGuard;
import io.claviger.edge.workload.ClusterKeys;
import io.claviger.edge.workload.TestClock;
import io.claviger.edge.workload.TokenAge;
import io.claviger.edge.workload.TokenCheck;
import io.claviger.edge.workload.TokenMemory;
import io.claviger.edge.workload.VerifiedToken;
import io.claviger.edge.workload.WorkloadTokens;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.AssociationChanged;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.RevokedPods;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A node's credentials, wired as in production, with fake brokers and a manual clock. */
final class TestNode {

  static final CredentialTimes TIMES =
      new CredentialTimes(
          0.5,
          Duration.ofSeconds(60),
          Duration.ofMinutes(15),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(8));

  final TestClock clock = new TestClock(Samples.NOW);
  final FakeTimers timers = new FakeTimers(clock);
  final FakeBrokers brokers = new FakeBrokers();
  final CountingObserver observer = new CountingObserver();
  final MinPositions minPositions = new MinPositions(100, clock);
  final WorkloadTokens tokens =
      new WorkloadTokens(
          "node-1",
          new ClusterKeys(clock),
          new TokenMemory(100, Duration.ofMinutes(15), clock, clock),
          clock);
  final RefreshTokens refreshTokens = new RefreshTokens(100, clock);
  final Journal<AssociationKey> newlyKnown = new Journal<>(100);
  final CountedMap looks = new CountedMap();
  final SessionCache sessions;
  final RefusalCache refusals = new RefusalCache(100, TIMES.refusalMemory(), clock, newlyKnown);
  final Flights flights = new Flights(50, TIMES.flightDeadline());
  final CachedAnswers cached;
  final List<Boolean> turned = new ArrayList<>();
  final StalenessGuard staleness =
      new StalenessGuard(Optional.of(Duration.ofMinutes(5)), clock, turned::add);
  final PodRevocations podRevocations = new PodRevocations();
  final NodeMemory memory;
  final ServedPods served = new ServedPods(100, clock);
  final DeletedPods deletedPods;
  final FakePodLookup lookup = new FakePodLookup();
  final AssociationChanges changes;
  final NodeCredentials credentials;
  final RefreshAhead refreshAhead;
  double random = 0.5;

  TestNode() {
    this(50);
  }

  TestNode(int concurrentRefreshes) {
    this(concurrentRefreshes, 100);
  }

  TestNode(int concurrentRefreshes, int size) {
    sessions =
        new SessionCache(
            size, TIMES, minPositions, clock, this::random, newlyKnown, looks::seenThrough);
    memory = new NodeMemory(sessions, refusals, refreshTokens);
    cached = new CachedAnswers(memory);
    deletedPods = new DeletedPods(tokens, memory, served);
    changes = new AssociationChanges(minPositions, cached, kind -> {});
    BrokerAnswers answers = new BrokerAnswers(tokens, memory, minPositions, podRevocations, served);
    Fetcher fetcher = new Fetcher(brokers, answers, minPositions, flights, timers, clock, observer);
    credentials =
        new NodeCredentials(
            memory,
            fetcher,
            staleness,
            podRevocations,
            new NewPodCheck(served, lookup, deletedPods, tokens),
            new TokenAge(TIMES.associationWait(), clock));
    refreshAhead =
        new RefreshAhead(
            memory, fetcher, TIMES, concurrentRefreshes, clock, this::random, observer);
  }

  private double random() {
    return random;
  }

  /** Sends a request of a pod with a proven token. */
  CompletionStage<CredentialOutcome> ask(String uid) {
    return credentials
        .obtain(Samples.token(uid), Samples.verified(uid), TIMES.flightDeadline())
        .thenApply(CredentialOutcome.class::cast);
  }

  /** Sends a request of a pod with a token that this node cannot verify. */
  CompletionStage<CredentialOutcome> askUnproven(String uid) {
    return credentials
        .obtain(
            Samples.token(uid),
            new TokenCheck.Unproven(TokenHash.of(Samples.token(uid)), "key-9"),
            TIMES.flightDeadline())
        .thenApply(CredentialOutcome.class::cast);
  }

  /** Caches a session of an hour, from now on, that the pod has requested. */
  void has(String uid, String accessKeyId) {
    ask(uid);
    brokers.answer(Samples.issued(uid, accessKeyId, clock.instant()));
  }

  /** As above, under another revision of the association. */
  void has(String uid, long revision, Position position, String accessKeyId) {
    CompletionStage<CredentialOutcome> asked = ask(uid);
    if (isOver(asked)) {
      sessions.suspect(cached.associations(), Duration.ZERO);
      refreshAhead.sweep();
    }
    brokers.answer(
        Samples.issued(
            uid,
            revision,
            position,
            Samples.session(accessKeyId, clock.instant(), Duration.ofHours(1))));
  }

  /** Returns what is served from the cache. */
  @Nullable String cached(String uid) {
    return cached(Samples.verified(uid));
  }

  @Nullable String cached(VerifiedToken token) {
    CachedSession cached = sessions.find(token);
    return cached == null ? null : cached.credentials().accessKeyId();
  }

  /** A broker pushes, in order, that the association of app1/web changed. */
  void changed(long revision, Position position) {
    Position before = new Position(position.epoch(), position.sequence() - 1);
    changes.apply(
        new PushSequence(before),
        new AssociationChanged(BusProtocol.VERSION, Samples.WEB, revision, position, before));
  }

  /** A broker reports the revoked pods. */
  void revokedPods(Position position, String... pods) {
    revokedPods(new RevokedPods(BusProtocol.VERSION, position, false, List.of(pods)));
  }

  void revokedPods(RevokedPods reported) {
    minPositions.saw(reported.position());
    if (podRevocations.accept(reported)) {
      memory.forgetRevoked(podRevocations);
    }
  }

  /** Advances the clock to just after; then runs a sweep. */
  void sweepAfter(Duration time) {
    timers.pass(time);
    refreshAhead.sweep();
  }

  /** Returns the outcome of a stage that must already be complete. */
  static CredentialOutcome now(CompletionStage<CredentialOutcome> stage) {
    assertThat(stage.toCompletableFuture()).isCompleted();
    return stage.toCompletableFuture().join();
  }

  static boolean isOver(CompletionStage<CredentialOutcome> stage) {
    return stage.toCompletableFuture().isDone();
  }

  static String key(CompletionStage<CredentialOutcome> stage) {
    return ((CredentialOutcome.Issued) now(stage)).credentials().accessKeyId();
  }
}
