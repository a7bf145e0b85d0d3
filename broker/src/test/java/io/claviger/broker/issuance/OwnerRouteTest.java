package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.OpenSession;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.bus.SessionCredentials;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OwnerRouteTest {
  /** How long an owner may be silent that has not answered yet, in ms. */
  private static final long COLD = 600;

  /** After so many answers an owner is waited for as they were quick. */
  private static final int ENOUGH = 128;

  /** Of the association, and number of the session, after {@link #ownersAnswerQuickly()}. */
  private static final int NEXT = ENOUGH + 1;

  private final VirtualMesh mesh = new VirtualMesh();
  private final FakeAssociations ownersTable = new FakeAssociations();
  private final Issuance owner =
      mesh.broker(
          ownersTable,
          key -> new SessionOwners.Owner.Here(),
          (node, request, timeout) -> new CompletableFuture<>());
  private final List<String> nodes = new ArrayList<>();
  private final List<OpenSession> asked = new ArrayList<>();
  private final Deque<Supplier<CompletionStage<OpenResult>>> replies = new ArrayDeque<>();
  private SessionOwners.Owner seen = new SessionOwners.Owner.Peer("node-b");
  private final Issuance requester = mesh.broker(mesh.table, key -> seen, this::ask);

  private CompletionStage<OpenResult> ask(String nodeId, OpenSession request, Duration timeout) {
    nodes.add(nodeId);
    asked.add(request);
    Supplier<CompletionStage<OpenResult>> scripted = replies.poll();
    CompletionStage<OpenResult> reply =
        scripted != null ? scripted.get() : owner.handler().open(request);
    return DetachedWait.detached(reply).timeout(timeout, mesh.time).toFuture();
  }

  @BeforeEach
  void associate() {
    associate(1);
  }

  private void associate(int revision) {
    mesh.table.put(Samples.association(revision));
    ownersTable.put(Samples.association(revision));
  }

  @Test
  void hasTheOwnerOpenItWhileItSaysThatItIsAtWork() {
    mesh.sts.holds = true;
    CompletableFuture<IssueOutcome> outcome = mesh.issue(requester);
    CompletableFuture<IssueOutcome> other = mesh.issue(requester);
    mesh.passMillis(1_050);
    assertThat(outcome).isNotDone();

    mesh.sts.open(1);

    assertThat(VirtualMesh.issued(outcome)).isEqualTo(VirtualMesh.issued(other));
    assertThat(mesh.sts.calls).hasSize(1);
    assertThat(asked).hasSize(12).first().extracting(OpenSession::waitMillis).isEqualTo(0L);
    assertThat(nodes).containsOnly("node-b");
    assertThat(takeOvers("silent")).isZero();
  }

  @Test
  void doesNotAskTheOwnerAgainBeforeItsSessionIsInTheStore() {
    mesh.store.writable = new CompletableFuture<>();
    SessionCredentials session = VirtualMesh.issued(mesh.issue(requester));
    int requests = asked.size();

    mesh.passMillis(2_900);
    assertThat(VirtualMesh.issued(mesh.issue(requester))).isEqualTo(session);
    assertThat(asked).hasSize(requests);
    mesh.passMillis(200);

    assertThat(VirtualMesh.issued(mesh.issue(requester))).isEqualTo(session);
    assertThat(asked).hasSizeGreaterThan(requests);
  }

  @Test
  void servesNothingThatTheOwnerOpenedUnderAnEarlierRevision() {
    mesh.store.writable = new CompletableFuture<>();
    VirtualMesh.issued(mesh.issue(requester));
    ownersTable.put(Samples.association(2));
    mesh.change(requester, Samples.association(2));

    assertThat(VirtualMesh.issued(mesh.issue(requester)).accessKeyId()).isEqualTo("ASIA2");
  }

  @Test
  void servesNothingBorrowedOnceARevocationHasEnded() {
    mesh.store.writable = new CompletableFuture<>();
    VirtualMesh.issued(mesh.issue(requester));
    int requests = asked.size();
    Collection<Association> cart = List.of(Samples.association(1));
    requester
        .revocations(cluster -> cart)
        .revoked(VirtualMesh.revocation("workload:shop/cart"), false, new Position(0, 2));

    VirtualMesh.issued(mesh.issue(requester));

    assertThat(asked).hasSizeGreaterThan(requests);
  }

  @Test
  void asksTheOwnerNoLongerThanSomebodyWaits() {
    mesh.sts.holds = true;
    requester
        .issuer()
        .issue(Samples.CART, RequestPriority.FIRST, Position.NONE, Duration.ofMillis(450));
    mesh.passMillis(550);
    int requests = asked.size();
    assertThat(requests).isBetween(5, 7);

    mesh.passMillis(1_000);
    assertThat(asked).hasSize(requests);
    mesh.sts.open(1);

    assertThat(VirtualMesh.issued(mesh.issue(requester)).accessKeyId()).isEqualTo("ASIA1");
    assertThat(takeOvers("silent")).isZero();
  }

  @Test
  void tellsTheOwnerWhenSomebodyMoreUrgentWaitsToo() {
    mesh.sts.holds = true;
    mesh.issue(requester, RequestPriority.ROUTINE);
    mesh.passMillis(150);
    assertThat(asked).extracting(OpenSession::priority).containsOnly(RequestPriority.ROUTINE);

    mesh.issue(requester, RequestPriority.FIRST);
    mesh.passMillis(100);

    assertThat(asked.getLast().priority()).isEqualTo(RequestPriority.FIRST);
  }

  @Test
  void opensItHereAfterTheOwnersSilence() {
    replies.add(CompletableFuture::new);
    CompletableFuture<IssueOutcome> outcome = mesh.issue(requester);

    mesh.passMillis(COLD - 1);
    assertThat(outcome).isNotDone();
    mesh.passMillis(1);

    assertThat(VirtualMesh.issued(outcome).accessKeyId()).isEqualTo("ASIA1");
    assertThat(takeOvers("silent")).isEqualTo(1);
  }

  @Test
  void waitsLessForAnOwnerOnceOwnersHaveAnsweredQuickly() {
    ownersAnswerQuickly();
    replies.add(CompletableFuture::new);
    CompletableFuture<IssueOutcome> outcome = mesh.issue(requester);

    mesh.passMillis(149);
    assertThat(outcome).isNotDone();
    mesh.passMillis(1);

    assertThat(VirtualMesh.issued(outcome).accessKeyId()).isEqualTo("ASIA" + NEXT);
  }

  @Test
  void asksTheOwnerAgainOnceTooMuchWasOpenedInItsPlace() {
    int revision = 1;
    for (; revision <= 10; revision++) {
      associate(revision);
      replies.add(CompletableFuture::new);
      CompletableFuture<IssueOutcome> outcome = mesh.issue(requester);
      mesh.passMillis(COLD);
      VirtualMesh.issued(outcome);
    }
    assertThat(takeOvers("silent")).isEqualTo(10);
    associate(revision);
    replies.add(CompletableFuture::new);
    replies.add(CompletableFuture::new);

    CompletableFuture<IssueOutcome> outcome = mesh.issue(requester);
    mesh.passMillis(2 * COLD - 1);
    assertThat(mesh.sts.calls).hasSize(10);
    mesh.passMillis(1);

    // It answers now: the one call is its own.
    assertThat(VirtualMesh.issued(outcome).accessKeyId()).isEqualTo("ASIA11");
    assertThat(takeOvers("silent")).isEqualTo(10);
    assertThat(count(Meters.OWNER_ASKED_AGAIN)).isEqualTo(2);
  }

  @Test
  void opensItHereOnceTheTimeForItIsOverHoweverMuchWas() {
    for (int revision = 1; revision <= 11; revision++) {
      associate(revision);
      for (int i = 0; i < 100; i++) {
        replies.add(CompletableFuture::new);
      }
      mesh.issue(requester);
      mesh.passMillis(COLD);
    }

    for (int second = 0; second < 60; second++) {
      mesh.issue(requester);
      mesh.pass(Duration.ofSeconds(1));
    }

    assertThat(mesh.sts.calls).hasSize(11);
  }

  @Test
  void asksAgainForARenewalThatNobodyWaitsFor() {
    mesh.store(1, "HELD", Duration.ofMinutes(30), Duration.ofHours(1));
    replies.add(CompletableFuture::new);
    replies.add(() -> CompletableFuture.failedFuture(new IllegalStateException("no handlers")));
    replies.add(() -> CompletableFuture.completedFuture(unable()));
    CompletableFuture<IssueOutcome> outcome = mesh.issue(requester, RequestPriority.ROUTINE);

    // Silent, then pauses of 150, 300 and 600 ms.
    mesh.passMillis(COLD + 1_049);
    assertThat(asked).hasSize(3);
    mesh.passMillis(1);

    assertThat(asked)
        .extracting(OpenSession::waitMillis)
        .containsExactly(0L, 0L, 0L, 0L, OwnerRoute.HOLD.toMillis());
    assertThat(mesh.sts.calls).hasSize(1);
    assertThat(takeOvers("silent") + takeOvers("unable")).isZero();
    assertThat(VirtualMesh.issued(outcome).accessKeyId()).isEqualTo("HELD");
    assertThat(VirtualMesh.issued(mesh.issue(requester)).accessKeyId()).isEqualTo("ASIA1");
  }

  @Test
  void renewsHereOnceTheOwnerHasBeenSilentForLong() {
    mesh.store(1, "HELD", Duration.ofMinutes(30), Duration.ofHours(1));
    neverReplies();
    mesh.issue(requester, RequestPriority.ROUTINE);

    mesh.passMillis(6 * COLD + 4_649);
    assertThat(mesh.sts.calls).isEmpty();
    mesh.passMillis(1);

    assertThat(asked).hasSize(6);
    assertThat(mesh.sts.calls).hasSize(1);
    assertThat(takeOvers("silent")).isEqualTo(1);
  }

  @Test
  void renewsAtWhoeverOwnsTheKeyByThen() {
    mesh.store(1, "HELD", Duration.ofMinutes(30), Duration.ofHours(1));
    replies.add(CompletableFuture::new);
    mesh.issue(requester, RequestPriority.ROUTINE);
    mesh.passMillis(COLD + 50);

    seen = new SessionOwners.Owner.Here();
    mesh.passMillis(100);

    assertThat(asked).hasSize(1);
    assertThat(mesh.sts.calls).hasSize(1);
    assertThat(takeOvers("silent")).isZero();
  }

  @Test
  void waitsNoLongerThanEverForAPodThatCouldHaveTheSessionThatIsCached() {
    ownersAnswerQuickly();
    mesh.store(NEXT, "HELD", Duration.ofMinutes(30), Duration.ofHours(1));
    neverReplies();

    CompletableFuture<IssueOutcome> pods = mesh.issue(requester, RequestPriority.FIRST);
    mesh.passMillis(150);

    assertThat(VirtualMesh.issued(pods).accessKeyId()).isEqualTo("ASIA" + NEXT);
    assertThat(asked)
        .hasSize(1)
        .last()
        .extracting(OpenSession::priority)
        .isEqualTo(RequestPriority.ROUTINE);
  }

  @Test
  void waitsNoLongerThanEverForARenewalWhoseSessionIsGone() {
    neverReplies();

    mesh.issue(requester, RequestPriority.ROUTINE);
    mesh.passMillis(COLD);

    assertThat(mesh.sts.calls).hasSize(1);
  }

  @Test
  void waitsNoLongerOnceAPodWaitsToo() {
    ownersAnswerQuickly();
    mesh.store(NEXT, "HELD", Duration.ofMinutes(30), Duration.ofHours(1));
    neverReplies();
    mesh.issue(requester, RequestPriority.ROUTINE);
    mesh.passMillis(1_000);
    assertThat(asked).hasSize(3);

    CompletableFuture<IssueOutcome> pods = mesh.issue(requester, RequestPriority.FIRST);
    mesh.passMillis(150);

    assertThat(VirtualMesh.issued(pods).accessKeyId()).isEqualTo("ASIA" + NEXT);
    assertThat(asked).hasSize(4);
  }

  private void ownersAnswerQuickly() {
    for (int revision = 1; revision <= ENOUGH; revision++) {
      associate(revision);
      VirtualMesh.issued(mesh.issue(requester));
    }
    asked.clear();
    associate(NEXT);
  }

  private void neverReplies() {
    for (int i = 0; i < 10; i++) {
      replies.add(CompletableFuture::new);
    }
  }

  private static OpenResult unable() {
    return new OpenResult.Failed("behind", 0);
  }

  @Test
  void opensItHereAtOnceWhenTheOwnerCannotBeReached() {
    replies.add(() -> CompletableFuture.failedFuture(new IllegalStateException("no handlers")));

    assertThat(VirtualMesh.issued(mesh.issue(requester)).accessKeyId()).isEqualTo("ASIA1");
    assertThat(takeOvers("silent")).isEqualTo(1);
  }

  @Test
  void opensItHereOnceWhenTheOwnerDiesAtWork() {
    replies.add(() -> CompletableFuture.completedFuture(new OpenResult.Working()));
    replies.add(() -> CompletableFuture.completedFuture(new OpenResult.Working()));
    replies.add(CompletableFuture::new);
    List<CompletableFuture<IssueOutcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      outcomes.add(mesh.issue(requester));
    }

    mesh.passMillis(COLD + OwnerRoute.HOLD.toMillis() - 1);
    assertThat(outcomes).noneMatch(CompletableFuture::isDone);
    mesh.passMillis(1);

    assertThat(outcomes)
        .allSatisfy(
            outcome -> assertThat(VirtualMesh.issued(outcome).accessKeyId()).isEqualTo("ASIA1"));
    assertThat(mesh.sts.calls).hasSize(1);
    assertThat(asked).hasSize(3);
    assertThat(takeOvers("silent")).isEqualTo(1);
  }

  @Test
  void followsTheKeyAtOnceToItsNextOwner() {
    replies.add(
        () -> {
          seen = new SessionOwners.Owner.Peer("node-c");
          return CompletableFuture.failedFuture(new IllegalStateException("no handlers"));
        });

    assertThat(VirtualMesh.issued(mesh.issue(requester)).accessKeyId()).isEqualTo("ASIA1");

    assertThat(nodes).startsWith("node-b", "node-c");
    assertThat(takeOvers("silent")).isZero();
  }

  @Test
  void followsNobodyAfterASilenceWhileAPodWaits() {
    replies.add(
        () -> {
          seen = new SessionOwners.Owner.Peer("node-c");
          return new CompletableFuture<>();
        });

    CompletableFuture<IssueOutcome> outcome = mesh.issue(requester);
    mesh.passMillis(COLD);

    assertThat(VirtualMesh.issued(outcome).accessKeyId()).isEqualTo("ASIA1");
    assertThat(nodes).containsExactly("node-b");
  }

  @Test
  void followsItOnlyOnceWhileAPodWaits() {
    replies.add(
        () -> {
          seen = new SessionOwners.Owner.Peer("node-c");
          return CompletableFuture.failedFuture(new IllegalStateException("no handlers"));
        });
    replies.add(
        () -> {
          seen = new SessionOwners.Owner.Peer("node-d");
          return CompletableFuture.failedFuture(new IllegalStateException("no handlers"));
        });

    assertThat(VirtualMesh.issued(mesh.issue(requester)).accessKeyId()).isEqualTo("ASIA1");

    assertThat(nodes).containsExactly("node-b", "node-c");
    assertThat(takeOvers("silent")).isEqualTo(1);
  }

  @Test
  void takesTheOwnersDenialForAnAnswer() {
    mesh.sts.holds = true;
    CompletableFuture<IssueOutcome> outcome = mesh.issue(requester);
    mesh.sts.deny(1);

    assertThat(outcome.join()).isInstanceOf(IssueOutcome.Refused.class);
    assertThat(mesh.sts.calls).hasSize(1);
  }

  @Test
  void takesTheOwnersFailureForAnAnswer() {
    mesh.sts.holds = true;
    CompletableFuture<IssueOutcome> outcome = mesh.issue(requester);
    mesh.sts.fail(1);

    assertThat(outcome.join()).isInstanceOf(IssueOutcome.Unavailable.class);
    assertThat(mesh.sts.calls).hasSize(1);
  }

  @Test
  void catchesUpWithAnOwnerThatIsAhead() {
    ownersTable.put(Samples.association(2));
    replies.add(
        () -> {
          // The requester's table gets there while the owner answers.
          mesh.table.put(Samples.association(2));
          return CompletableFuture.completedFuture(
              new OpenResult.Changed(ownersTable.position("c1")));
        });

    CompletableFuture<IssueOutcome> outcome = mesh.issue(requester);

    assertThat(VirtualMesh.issued(outcome).accessKeyId()).isEqualTo("ASIA1");
    assertThat(((IssueOutcome.Issued) outcome.join()).association().revision()).isEqualTo(2);
    assertThat(mesh.sts.calls).hasSize(1);
  }

  @Test
  void sendsTheRequesterElsewhereRatherThanOpenWhatTheOwnerKnowsToBeOld() {
    ownersTable.put(Samples.association(2));

    IssueOutcome outcome = mesh.issue(requester).join();

    assertThat(outcome)
        .isInstanceOfSatisfying(
            IssueOutcome.Unavailable.class,
            unavailable -> assertThat(unavailable.retryAfter()).isZero());
    assertThat(mesh.sts.calls).isEmpty();
  }

  @Test
  void opensItHereWhenTheOwnerIsBehind() {
    mesh.table.put(Samples.association(2));

    assertThat(VirtualMesh.issued(mesh.issue(requester)).accessKeyId()).isEqualTo("ASIA1");
    assertThat(takeOvers("unable")).isEqualTo(1);
  }

  @Test
  void neverServesAnEndedSessionThatAnOwnerReplies() {
    mesh.pass(Duration.ofDays(1));
    replies.add(
        () ->
            CompletableFuture.completedFuture(
                new OpenResult.Opened(
                    Samples.session(
                        "OLD", mesh.clock.instant().minusSeconds(3600), Duration.ofHours(1)))));

    assertThat(mesh.issue(requester).join()).isInstanceOf(IssueOutcome.Unavailable.class);
  }

  @Test
  void asksTheOwnerWithThePositionItReadTheAssociationAt() {
    assertThat(mesh.issue(requester, RequestPriority.NEAR_EXPIRY)).isCompleted();

    assertThat(asked.getFirst().position()).isEqualTo(new Position(0, 1));
    assertThat(asked.getFirst().priority()).isEqualTo(RequestPriority.NEAR_EXPIRY);
    assertThat(asked.getFirst().workload()).isEqualTo(Samples.CART);
  }

  private double count(String meter) {
    return mesh.meters.find(meter).counters().stream().mapToDouble(Counter::count).sum();
  }

  private double takeOvers(String cause) {
    return mesh.meters.find(Meters.OWNER_TAKEOVERS).tag(Meters.CAUSE, cause).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }
}
