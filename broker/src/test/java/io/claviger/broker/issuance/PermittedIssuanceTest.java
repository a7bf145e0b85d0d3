package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.Grants;
import io.claviger.schemas.bus.RefusalReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The issuer's answer if there is an association that may not issue its role. */
class PermittedIssuanceTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private final VirtualMesh mesh = new VirtualMesh();
  private final Issuance broker = mesh.ownerOnItsSecondDay();

  @Test
  void refusesWhatIsNotGrantedAnyMoreThoughASessionIsCached() {
    mesh.store(1, "HELD", Duration.ZERO, HOUR);
    mesh.grants = Grants.NONE;

    IssueOutcome outcome = mesh.issue(broker).join();

    assertThat(outcome)
        .isInstanceOfSatisfying(
            IssueOutcome.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(RefusalReason.NOT_GRANTED);
              assertThat(refused.message()).contains("key/tester", "role/pods/cart");
            });
    assertThat(mesh.sts.calls).isEmpty();
    assertThat(mesh.events.getLast().reason()).isEqualTo("NOT_GRANTED");
  }

  @ParameterizedTest
  @CsvSource({
    "node:node-1, POD_REVOKED",
    "pod:shop/cart-7, POD_REVOKED",
    "workload:shop/cart, ROLE_REVOKED",
    "role:arn:aws:iam::111122223333:role/pods/cart, ROLE_REVOKED"
  })
  void refusesWhatIsRevokedAndSaysByWhom(String subject, RefusalReason reason) {
    mesh.store(1, "HELD", Duration.ZERO, HOUR);
    mesh.revoke(subject);

    IssueOutcome outcome = mesh.issue(broker).join();

    assertThat(outcome)
        .isInstanceOfSatisfying(
            IssueOutcome.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(reason);
              assertThat(refused.message()).contains(subject, "by key/security");
            });
  }

  @Test
  void refusesASessionThatWasRevokedWhileItWasOpened() {
    mesh.sts.holds = true;
    CompletableFuture<IssueOutcome> outcome = mesh.issue(broker);
    mesh.revoke("workload:shop/cart");
    mesh.sts.open(1);
    mesh.pass(Duration.ofMillis(10));

    assertThat(outcome.join()).isInstanceOf(IssueOutcome.Refused.class);
  }
}
