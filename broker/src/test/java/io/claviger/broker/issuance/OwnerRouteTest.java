package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.OpenSession;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.bus.SessionCredentials;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OwnerRouteTest {

  private final TwoBrokers brokers = new TwoBrokers();
  private final VirtualMesh mesh = brokers.mesh;

  @Test
  void hasTheOwnerOpenItWhileItSaysThatItIsAtWork() {
    mesh.sts.holds = true;
    CompletableFuture<IssueOutcome> outcome = brokers.issue();
    CompletableFuture<IssueOutcome> other = brokers.issue();
    mesh.passMillis(1_050);
    assertThat(outcome).isNotDone();

    mesh.sts.open(1);

    assertThat(VirtualMesh.issued(outcome)).isEqualTo(VirtualMesh.issued(other));
    assertThat(mesh.sts.calls).hasSize(1);
    assertThat(brokers.asked).hasSize(12).first().extracting(OpenSession::waitMillis).isEqualTo(0L);
    assertThat(brokers.nodes).containsOnly("node-b");
    assertThat(brokers.takeOvers("silent")).isZero();
  }

  @Test
  void doesNotAskTheOwnerAgainBeforeItsSessionIsInTheStore() {
    mesh.store.writable = new CompletableFuture<>();
    SessionCredentials session = VirtualMesh.issued(brokers.issue());
    int requests = brokers.asked.size();

    mesh.passMillis(2_900);
    assertThat(VirtualMesh.issued(brokers.issue())).isEqualTo(session);
    assertThat(brokers.asked).hasSize(requests);
    mesh.passMillis(200);

    assertThat(VirtualMesh.issued(brokers.issue())).isEqualTo(session);
    assertThat(brokers.asked).hasSizeGreaterThan(requests);
  }

  @Test
  void servesNothingThatTheOwnerOpenedUnderAnEarlierRevision() {
    mesh.store.writable = new CompletableFuture<>();
    VirtualMesh.issued(brokers.issue());
    brokers.ownersTable.put(Samples.association(2));
    mesh.change(brokers.requester, Samples.association(2));

    assertThat(VirtualMesh.issued(brokers.issue()).accessKeyId()).isEqualTo("ASIA2");
  }

  @Test
  void servesNothingBorrowedOnceARevocationHasEnded() {
    mesh.store.writable = new CompletableFuture<>();
    VirtualMesh.issued(brokers.issue());
    int requests = brokers.asked.size();
    Collection<Association> cart = List.of(Samples.association(1));
    brokers
        .requester
        .revocations(cluster -> cart)
        .revoked(VirtualMesh.revocation("workload:shop/cart"), false, new Position(0, 2));

    VirtualMesh.issued(brokers.issue());

    assertThat(brokers.asked).hasSizeGreaterThan(requests);
  }

  @Test
  void asksTheOwnerNoLongerThanSomebodyWaits() {
    mesh.sts.holds = true;
    brokers
        .requester
        .issuer()
        .issue(Samples.CART, RequestPriority.FIRST, Position.NONE, Duration.ofMillis(450));
    mesh.passMillis(550);
    int requests = brokers.asked.size();
    assertThat(requests).isBetween(5, 7);

    mesh.passMillis(1_000);
    assertThat(brokers.asked).hasSize(requests);
    mesh.sts.open(1);

    assertThat(VirtualMesh.issued(brokers.issue()).accessKeyId()).isEqualTo("ASIA1");
    assertThat(brokers.takeOvers("silent")).isZero();
  }

  @Test
  void tellsTheOwnerWhenSomebodyMoreUrgentWaitsToo() {
    mesh.sts.holds = true;
    brokers.issue(RequestPriority.ROUTINE);
    mesh.passMillis(150);
    assertThat(brokers.asked)
        .extracting(OpenSession::priority)
        .containsOnly(RequestPriority.ROUTINE);

    brokers.issue(RequestPriority.FIRST);
    mesh.passMillis(100);

    assertThat(brokers.asked.getLast().priority()).isEqualTo(RequestPriority.FIRST);
  }

  @Test
  void takesTheOwnersDenialForAnAnswer() {
    mesh.sts.holds = true;
    CompletableFuture<IssueOutcome> outcome = brokers.issue();
    mesh.sts.deny(1);

    assertThat(outcome.join()).isInstanceOf(IssueOutcome.Refused.class);
    assertThat(mesh.sts.calls).hasSize(1);
  }

  @Test
  void takesTheOwnersFailureForAnAnswer() {
    mesh.sts.holds = true;
    CompletableFuture<IssueOutcome> outcome = brokers.issue();
    mesh.sts.fail(1);

    assertThat(outcome.join()).isInstanceOf(IssueOutcome.Unavailable.class);
    assertThat(mesh.sts.calls).hasSize(1);
  }

  @Test
  void catchesUpWithAnOwnerThatIsAhead() {
    brokers.ownersTable.put(Samples.association(2));
    brokers.replies.add(
        () -> {
          // The requester's table catches up while the owner answers.
          mesh.table.put(Samples.association(2));
          return CompletableFuture.completedFuture(
              new OpenResult.Changed(brokers.ownersTable.position("c1")));
        });

    CompletableFuture<IssueOutcome> outcome = brokers.issue();

    assertThat(VirtualMesh.issued(outcome).accessKeyId()).isEqualTo("ASIA1");
    assertThat(((IssueOutcome.Issued) outcome.join()).association().revision()).isEqualTo(2);
    assertThat(mesh.sts.calls).hasSize(1);
  }

  @Test
  void sendsTheRequesterElsewhereRatherThanOpenWhatTheOwnerKnowsToBeOld() {
    brokers.ownersTable.put(Samples.association(2));

    IssueOutcome outcome = brokers.issue().join();

    assertThat(outcome)
        .isInstanceOfSatisfying(
            IssueOutcome.Unavailable.class,
            unavailable -> assertThat(unavailable.retryAfter()).isZero());
    assertThat(mesh.sts.calls).isEmpty();
  }

  @Test
  void neverServesAnEndedSessionThatAnOwnerReplies() {
    mesh.pass(Duration.ofDays(1));
    brokers.ownerReplies(
        new OpenResult.Opened(
            Samples.session("OLD", mesh.clock.instant().minusSeconds(3600), Duration.ofHours(1))));

    assertThat(brokers.issue().join()).isInstanceOf(IssueOutcome.Unavailable.class);
  }

  @Test
  void asksTheOwnerWithThePositionItReadTheAssociationAt() {
    assertThat(brokers.issue(RequestPriority.NEAR_EXPIRY)).isCompleted();

    assertThat(brokers.asked.getFirst().position()).isEqualTo(new Position(0, 1));
    assertThat(brokers.asked.getFirst().priority()).isEqualTo(RequestPriority.NEAR_EXPIRY);
    assertThat(brokers.asked.getFirst().workload()).isEqualTo(Samples.CART);
  }
}
