package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.event.CredentialEvent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests while STS is slow, fails, or denies. */
class SlowIssuanceTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private final VirtualMesh mesh = new VirtualMesh();
  private final Issuance broker = mesh.ownerOnItsSecondDay();

  @BeforeEach
  void stsAnswersWhenATestSaysSo() {
    mesh.sts.holds = true;
  }

  @Test
  void answersByWhenItIsWaitedForAndKeepsWhatItHasBegun() {
    CompletableFuture<IssueOutcome> outcome =
        broker
            .issuer()
            .issue(Samples.CART, RequestPriority.FIRST, Position.NONE, Duration.ofMillis(700))
            .toCompletableFuture();
    mesh.passMillis(699);
    assertThat(outcome).isNotDone();
    mesh.passMillis(1);
    assertThat(outcome).isCompletedWithValueMatching(IssueOutcome.Unavailable.class::isInstance);

    mesh.sts.open(1);

    assertThat(VirtualMesh.issued(mesh.issue(broker)).accessKeyId()).isEqualTo("ASIA1");
    assertThat(mesh.sts.calls).hasSize(1);
  }

  @Test
  void servesWhatIsCachedWhenTheNextSessionCannotBeOpened() {
    SessionCredentials cached = mesh.store(1, "HELD", Duration.ofMinutes(50), HOUR);

    CompletableFuture<IssueOutcome> failing = mesh.issue(broker);
    mesh.sts.fail(1);
    assertThat(VirtualMesh.issued(failing)).isEqualTo(cached);

    mesh.passMillis(300);
    CompletableFuture<IssueOutcome> denied = mesh.issue(broker);
    mesh.sts.deny(2);
    assertThat(VirtualMesh.issued(denied)).isEqualTo(cached);
    assertThat(mesh.eventTypes())
        .containsExactly(CredentialEvent.Type.FAILED, CredentialEvent.Type.REFUSED);
  }

  @Test
  void servesWhatIsCachedWhenTheNextSessionTakesLongAndTheNextOneOnceItIsThere() {
    SessionCredentials cached = mesh.store(1, "HELD", Duration.ofMinutes(50), HOUR);

    CompletableFuture<IssueOutcome> slow = mesh.issue(broker);
    mesh.passMillis(399);
    assertThat(slow).isNotDone();
    mesh.passMillis(1);
    assertThat(VirtualMesh.issued(slow)).isEqualTo(cached);

    mesh.passMillis(1_000);
    mesh.sts.open(1);
    assertThat(VirtualMesh.issued(mesh.issue(broker)).accessKeyId()).isEqualTo("ASIA1");
    assertThat(mesh.sts.calls).hasSize(1);
  }

  @Test
  void neverServesWhatEndsTooSoon() {
    mesh.store(1, "HELD", Duration.ofMinutes(59), HOUR);

    CompletableFuture<IssueOutcome> outcome = mesh.issue(broker);
    mesh.passMillis(400);
    assertThat(outcome).isNotDone();
    mesh.sts.fail(1);

    assertThat(outcome.join()).isInstanceOf(IssueOutcome.Unavailable.class);
  }

  @Test
  void keepsNothingOfASessionWhoseAssociationChangedWhileStsTookItsTime() {
    CompletableFuture<IssueOutcome> outcome = mesh.issue(broker);
    mesh.passMillis(250);
    mesh.change(broker, Samples.association(2));
    mesh.passMillis(250);

    mesh.sts.open(1);
    assertThat(outcome).isNotDone();
    mesh.sts.open(2);
    mesh.passMillis(10);

    assertThat(VirtualMesh.issued(outcome).accessKeyId()).isEqualTo("ASIA2");
    assertThat(((IssueOutcome.Issued) outcome.join()).association().revision()).isEqualTo(2);
    assertThat(mesh.store.shared).containsOnlyKeys(VirtualMesh.plan(2).key());
    assertThat(mesh.store.puts).hasSize(1);
    assertThat(mesh.eventTypes())
        .containsExactly(CredentialEvent.Type.INVALIDATED, CredentialEvent.Type.ISSUED);
  }

  @Test
  void refusesWhenTheAssociationIsGoneWhileStsTookItsTime() {
    CompletableFuture<IssueOutcome> outcome = mesh.issue(broker);
    mesh.change(broker, null);

    mesh.sts.open(1);
    mesh.passMillis(10);

    assertThat(outcome.join())
        .isInstanceOfSatisfying(
            IssueOutcome.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.NO_ASSOCIATION));
    assertThat(mesh.store.shared).isEmpty();
  }

  @Test
  void givesUpOnAnAssociationThatNeverRests() {
    CompletableFuture<IssueOutcome> outcome = mesh.issue(broker);
    for (int round = 1; round <= 3; round++) {
      mesh.change(broker, Samples.association(round + 1));
      mesh.sts.open(round);
    }

    assertThat(outcome.join()).isInstanceOf(IssueOutcome.Unavailable.class);
    assertThat(mesh.sts.calls).hasSize(3);
  }

  @Test
  void answersAtTheDeadlineWhenStsDoesNot() {
    CompletableFuture<IssueOutcome> outcome = mesh.issue(broker);

    mesh.passMillis(7_999);
    assertThat(outcome).isNotDone();
    mesh.passMillis(1);

    assertThat(outcome.join()).isInstanceOf(IssueOutcome.Unavailable.class);
    mesh.passMillis(300);
    mesh.sts.holds = false;
    assertThat(VirtualMesh.issued(mesh.issue(broker)).accessKeyId()).isEqualTo("ASIA2");
  }

  @Test
  void keepsForTheNextWhatStsOpensAfterTheDeadline() {
    CompletableFuture<IssueOutcome> late = mesh.issue(broker);
    mesh.passMillis(8_000);
    assertThat(late.join()).isInstanceOf(IssueOutcome.Unavailable.class);

    mesh.sts.open(1);
    mesh.passMillis(300);

    assertThat(VirtualMesh.issued(mesh.issue(broker)).accessKeyId()).isEqualTo("ASIA1");
    assertThat(mesh.eventTypes())
        .containsExactly(CredentialEvent.Type.FAILED, CredentialEvent.Type.ISSUED);
  }

  @Test
  void staysReadyForOthersWhenWhoeverAskedFirstLeaves() {
    CompletableFuture<IssueOutcome> leaves = mesh.issue(broker);
    CompletableFuture<IssueOutcome> stays = mesh.issue(broker);

    leaves.cancel(true);
    mesh.sts.open(1);

    assertThat(VirtualMesh.issued(stays).accessKeyId()).isEqualTo("ASIA1");
    assertThat(VirtualMesh.issued(mesh.issue(broker)).accessKeyId()).isEqualTo("ASIA1");
    assertThat(mesh.sts.calls).hasSize(1);
  }

  @Test
  void remembersADenialForFiveSeconds() {
    CompletableFuture<IssueOutcome> first = mesh.issue(broker);
    mesh.sts.deny(1);
    assertThat(first.join())
        .isInstanceOfSatisfying(
            IssueOutcome.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.ROLE_DENIED));

    mesh.passMillis(4_999);
    assertThat(mesh.issue(broker).join()).isInstanceOf(IssueOutcome.Refused.class);
    assertThat(mesh.sts.calls).hasSize(1);

    mesh.passMillis(1);
    mesh.sts.holds = false;
    assertThat(VirtualMesh.issued(mesh.issue(broker)).accessKeyId()).isEqualTo("ASIA2");
  }

  @Test
  void remembersAFailureForAQuarterOfASecond() {
    CompletableFuture<IssueOutcome> first = mesh.issue(broker);
    mesh.sts.fail(1);
    assertThat(first.join()).isInstanceOf(IssueOutcome.Unavailable.class);

    mesh.passMillis(249);
    assertThat(mesh.issue(broker).join()).isInstanceOf(IssueOutcome.Unavailable.class);
    assertThat(mesh.sts.calls).hasSize(1);

    mesh.passMillis(1);
    assertThat(mesh.issue(broker)).isNotDone();
    assertThat(mesh.sts.calls).hasSize(2);
  }

  @Test
  void answersWhoeverWaitsWhenTheBrokerStops() {
    CompletableFuture<IssueOutcome> waits = mesh.issue(broker);

    broker.close();

    assertThat(waits.join()).isInstanceOf(IssueOutcome.Unavailable.class);
  }
}
