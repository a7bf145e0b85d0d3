package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.issuance.RoleSessions.Result.Retryable.Cause;
import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.event.CredentialEvent;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The consequences if STS does not open a session. */
class StsAnswersTest {

  private final VirtualMesh mesh = new VirtualMesh();
  private final Issuance broker = mesh.owner();

  @BeforeEach
  void associate() {
    mesh.table.put(Samples.association(1));
    mesh.sts.holds = true;
  }

  @Test
  void triesThreeTimesWhenStsFails() {
    CompletableFuture<IssueOutcome> outcome = mesh.issue(broker);
    mesh.sts.fail(1, Cause.FAILING);
    mesh.passMillis(150);
    mesh.sts.fail(2, Cause.FAILING);
    mesh.passMillis(300);
    assertThat(outcome).isNotDone();
    mesh.sts.fail(3, Cause.FAILING);

    assertThat(outcome.join()).isInstanceOf(IssueOutcome.Unavailable.class);
    assertThat(mesh.eventTypes()).containsExactly(CredentialEvent.Type.FAILED);
    assertThat(mesh.events.getFirst().reason()).isEqualTo("FAILING");
  }

  @Test
  void triesForAsLongAsThereIsTimeWhenStsThrottles() {
    CompletableFuture<IssueOutcome> outcome = mesh.issue(broker);
    for (int call = 1; call <= 5; call++) {
      mesh.sts.fail(call, Cause.THROTTLED);
      mesh.passMillis(1_000);
    }
    mesh.sts.open(6);

    assertThat(VirtualMesh.issued(outcome).accessKeyId()).isEqualTo("ASIA6");
    assertThat(mesh.eventTypes()).containsExactly(CredentialEvent.Type.ISSUED);
  }

  @Test
  void saysAtTheDeadlineWhatTheFailureWas() {
    CompletableFuture<IssueOutcome> outcome = mesh.issue(broker);
    mesh.sts.fail(1, Cause.THROTTLED);
    mesh.passMillis(8_000);

    assertThat(outcome.join())
        .isInstanceOfSatisfying(
            IssueOutcome.Unavailable.class,
            unavailable -> assertThat(unavailable.message()).contains("8000 ms", "not now"));
    assertThat(mesh.events.getFirst().reason()).isEqualTo("DEADLINE");
  }

  @Test
  void namesTheAssociationThatARoleDenies() {
    CompletableFuture<IssueOutcome> outcome = mesh.issue(broker);
    mesh.sts.deny(1);

    assertThat(outcome.join())
        .isInstanceOfSatisfying(
            IssueOutcome.Refused.class,
            refused ->
                assertThat(refused.message())
                    .contains("the role denies us", "a-12345678901234567 of shop/cart"));
  }

  @Test
  void answersThatItMayPassWhileUnrelatedRolesDenyAtOnce() {
    for (int revision = 2; revision <= 5; revision++) {
      assertThat(denied(revision)).isInstanceOf(IssueOutcome.Refused.class);
    }
    assertThat(brokerFault()).isZero();

    assertThat(denied(6))
        .isInstanceOfSatisfying(
            IssueOutcome.Unavailable.class,
            unavailable -> assertThat(unavailable.message()).contains("unrelated roles"));
    assertThat(brokerFault()).isOne();
    assertThat(mesh.events.getLast().type()).isEqualTo(CredentialEvent.Type.FAILED);
    assertThat(mesh.events.getLast().reason()).isEqualTo("BROKER_FAULT");

    mesh.change(broker, of(7));
    CompletableFuture<IssueOutcome> outcome = mesh.issue(broker);
    mesh.sts.open(mesh.sts.calls.size());
    VirtualMesh.issued(outcome);
    assertThat(brokerFault()).isZero();
    assertThat(denied(8))
        .isInstanceOfSatisfying(
            IssueOutcome.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.ROLE_DENIED));
  }

  /** Under a revision with its own role, which denies. */
  private IssueOutcome denied(int revision) {
    mesh.change(broker, of(revision));
    CompletableFuture<IssueOutcome> outcome = mesh.issue(broker);
    mesh.sts.deny(mesh.sts.calls.size());
    return outcome.join();
  }

  private static Association of(int revision) {
    AssociationSpec spec =
        new AssociationSpec(
            "shop",
            "cart",
            "arn:aws:iam::111122223333:role/r" + revision,
            null,
            false,
            null,
            Map.of());
    return Samples.association(revision, spec);
  }

  private double brokerFault() {
    return mesh.meters.get(Meters.BROKER_FAULT).gauge().value();
  }
}
