package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.OpenSession;
import io.claviger.schemas.bus.RequestPriority;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which broker renews a session early, while no pod waits for it. */
class OwnerRenewalTest {

  private final TwoBrokers brokers = new TwoBrokers();
  private final VirtualMesh mesh = brokers.mesh;

  /** A session that is due for renewal, and valid for half an hour. */
  private void storeDueSession(long revision) {
    mesh.store(revision, "HELD", Duration.ofMinutes(30), Duration.ofHours(1));
  }

  @Test
  void asksAgainForARenewalThatNobodyWaitsFor() {
    storeDueSession(1);
    brokers.ownerIsSilent(1);
    brokers.ownerCannotBeReached();
    brokers.ownerReplies(new OpenResult.Failed("behind", 0));
    CompletableFuture<IssueOutcome> outcome = brokers.issue(RequestPriority.ROUTINE);

    // Silent, then pauses of 150, 300 and 600 ms.
    mesh.passMillis(TwoBrokers.COLD + 1_049);
    assertThat(brokers.asked).hasSize(3);
    mesh.passMillis(1);

    assertThat(brokers.asked)
        .extracting(OpenSession::waitMillis)
        .containsExactly(0L, 0L, 0L, 0L, OwnerRoute.HOLD.toMillis());
    assertThat(mesh.sts.calls).hasSize(1);
    assertThat(brokers.takeOvers("silent") + brokers.takeOvers("unable")).isZero();
    assertThat(VirtualMesh.issued(outcome).accessKeyId()).isEqualTo("HELD");
    assertThat(VirtualMesh.issued(brokers.issue()).accessKeyId()).isEqualTo("ASIA1");
  }

  @Test
  void renewsHereOnceTheOwnerHasBeenSilentForLong() {
    storeDueSession(1);
    brokers.ownerIsSilent(10);
    brokers.issue(RequestPriority.ROUTINE);

    mesh.passMillis(6 * TwoBrokers.COLD + 4_649);
    assertThat(mesh.sts.calls).isEmpty();
    mesh.passMillis(1);

    assertThat(brokers.asked).hasSize(6);
    assertThat(mesh.sts.calls).hasSize(1);
    assertThat(brokers.takeOvers("silent")).isEqualTo(1);
  }

  @Test
  void renewsAtWhoeverOwnsTheKeyByThen() {
    storeDueSession(1);
    brokers.ownerIsSilent(1);
    brokers.issue(RequestPriority.ROUTINE);
    mesh.passMillis(TwoBrokers.COLD + 50);

    brokers.seen = new SessionOwners.Owner.Here();
    mesh.passMillis(100);

    assertThat(brokers.asked).hasSize(1);
    assertThat(mesh.sts.calls).hasSize(1);
    assertThat(brokers.takeOvers("silent")).isZero();
  }

  @Test
  void waitsNoLongerThanEverForAPodThatCouldHaveTheSessionThatIsCached() {
    brokers.ownersAnswerQuickly();
    storeDueSession(TwoBrokers.NEXT);
    brokers.ownerIsSilent(10);

    CompletableFuture<IssueOutcome> pods = brokers.issue(RequestPriority.FIRST);
    mesh.passMillis(150);

    assertThat(VirtualMesh.issued(pods).accessKeyId()).isEqualTo("ASIA" + TwoBrokers.NEXT);
    assertThat(brokers.asked)
        .hasSize(1)
        .last()
        .extracting(OpenSession::priority)
        .isEqualTo(RequestPriority.ROUTINE);
  }

  @Test
  void waitsNoLongerThanEverForARenewalWhoseSessionIsGone() {
    brokers.ownerIsSilent(10);

    brokers.issue(RequestPriority.ROUTINE);
    mesh.passMillis(TwoBrokers.COLD);

    assertThat(mesh.sts.calls).hasSize(1);
  }

  @Test
  void waitsNoLongerOnceAPodWaitsToo() {
    brokers.ownersAnswerQuickly();
    storeDueSession(TwoBrokers.NEXT);
    brokers.ownerIsSilent(10);
    brokers.issue(RequestPriority.ROUTINE);
    mesh.passMillis(1_000);
    assertThat(brokers.asked).hasSize(3);

    CompletableFuture<IssueOutcome> pods = brokers.issue(RequestPriority.FIRST);
    mesh.passMillis(150);

    assertThat(VirtualMesh.issued(pods).accessKeyId()).isEqualTo("ASIA" + TwoBrokers.NEXT);
    assertThat(brokers.asked).hasSize(4);
  }
}
