package io.claviger.edge.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.revocation.AssociationMoves;
import io.claviger.edge.revocation.Authority;
import io.claviger.edge.revocation.PositionFloors;
import io.claviger.edge.revocation.PushSequence;
import io.claviger.edge.revocation.WithheldPods;
import io.claviger.edge.workload.ClusterKeys;
import io.claviger.edge.workload.TestClock;
import io.claviger.edge.workload.TokenAge;
import io.claviger.edge.workload.TokenCheck;
import io.claviger.edge.workload.TokenHash;
import io.claviger.edge.workload.TokenMemory;
import io.claviger.edge.workload.VerifiedToken;
import io.claviger.edge.workload.WorkloadTokens;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.AssociationMoved;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.Withheld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A node's credentials as they are wired, on fake brokers and a clock that stands still. */
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
  final PositionFloors floors = new PositionFloors(100, clock);
  final WorkloadTokens tokens =
      new WorkloadTokens(
          "node-1",
          new ClusterKeys(clock),
          new TokenMemory(100, Duration.ofMinutes(15), clock, clock),
          clock);
  final RefreshTokens refreshTokens = new RefreshTokens(100, clock);
  final Journal<AssociationKey> newlyKnown = new Journal<>(100);
  final CountedMap looks = new CountedMap();
  final HeldSessions sessions;
  final Refusals refusals = new Refusals(100, TIMES.refusalMemory(), clock, newlyKnown);
  final Flights flights = new Flights(50);
  final HeldAnswers held;
  final List<Boolean> turned = new ArrayList<>();
  final Authority authority = new Authority(Optional.of(Duration.ofMinutes(5)), clock, turned::add);
  final WithheldPods withheld = new WithheldPods();
  final RevokedAnswers revoked;
  final ServedPods served = new ServedPods(100, clock);
  final DeletedPods deletedPods;
  final FakePodLookup lookup = new FakePodLookup();
  final AssociationMoves moves;
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
        new HeldSessions(size, TIMES, floors, clock, this::random, newlyKnown, looks::seenThrough);
    held = new HeldAnswers(sessions, refusals);
    revoked = new RevokedAnswers(sessions, refreshTokens, refusals);
    deletedPods = new DeletedPods(tokens, refreshTokens, sessions, served);
    moves = new AssociationMoves(floors, held, kind -> {});
    BrokerAnswers answers =
        new BrokerAnswers(tokens, refreshTokens, sessions, refusals, floors, withheld, served);
    Fetcher fetcher =
        new Fetcher(brokers, answers, floors, TIMES.flightDeadline(), timers, clock, observer);
    credentials =
        new NodeCredentials(
            sessions,
            refusals,
            refreshTokens,
            flights,
            fetcher,
            authority,
            withheld,
            new FirstSight(served, lookup, deletedPods, tokens),
            new TokenAge(TIMES.associationWait(), clock));
    refreshAhead =
        new RefreshAhead(
            sessions,
            refreshTokens,
            flights,
            fetcher,
            TIMES,
            concurrentRefreshes,
            clock,
            this::random,
            observer);
  }

  private double random() {
    return random;
  }

  /** A pod with a proven token asks. */
  CompletionStage<CredentialOutcome> ask(String uid) {
    return credentials
        .obtain(Samples.token(uid), Samples.verified(uid), TIMES.flightDeadline())
        .thenApply(CredentialOutcome.class::cast);
  }

  /** A pod asks with a token of which nothing is proven here. */
  CompletionStage<CredentialOutcome> askUnproven(String uid) {
    return credentials
        .obtain(
            Samples.token(uid),
            new TokenCheck.Unproven(TokenHash.of(Samples.token(uid)), "key-9"),
            TIMES.flightDeadline())
        .thenApply(CredentialOutcome.class::cast);
  }

  /** A pod has asked and holds a session of an hour from now on. */
  void has(String uid, String accessKeyId) {
    ask(uid);
    brokers.answer(Samples.issued(uid, accessKeyId, clock.instant()));
  }

  /** The same under another revision of the association. */
  void has(String uid, long revision, Position position, String accessKeyId) {
    CompletionStage<CredentialOutcome> asked = ask(uid);
    if (isOver(asked)) {
      sessions.doubt(held.associations(), Duration.ZERO);
      refreshAhead.sweep();
    }
    brokers.answer(
        Samples.issued(
            uid,
            revision,
            position,
            Samples.session(accessKeyId, clock.instant(), Duration.ofHours(1))));
  }

  /** What is handed out from memory. */
  @Nullable String held(String uid) {
    return held(Samples.verified(uid));
  }

  @Nullable String held(VerifiedToken token) {
    HeldSession held = sessions.find(token);
    return held == null ? null : held.credentials().accessKeyId();
  }

  /** A broker pushes, in order, that the association of app1/web moved. */
  void moved(long revision, Position position) {
    Position before = new Position(position.epoch(), position.sequence() - 1);
    moves.apply(
        new PushSequence(before),
        new AssociationMoved(BusProtocol.VERSION, Samples.WEB, revision, position, before));
  }

  /** A broker tells from which pods credentials are withheld. */
  void withheld(Position position, String... pods) {
    withheld(new Withheld(BusProtocol.VERSION, position, false, List.of(pods)));
  }

  void withheld(Withheld told) {
    floors.saw(told.position());
    if (withheld.accept(told)) {
      revoked.apply(withheld);
    }
  }

  /** Time passes until just after; then the refresher looks. */
  void sweepAfter(Duration time) {
    timers.pass(time);
    refreshAhead.sweep();
  }

  /** What it came to; nobody waits for what is not over. */
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
