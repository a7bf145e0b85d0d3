package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.bus.OpenResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** When a broker opens a session itself because the owner does not. */
class OwnerTakeoverTest {

  private final TwoBrokers brokers = new TwoBrokers();
  private final VirtualMesh mesh = brokers.mesh;

  @Test
  void opensItHereAfterTheOwnersSilence() {
    brokers.ownerIsSilent(1);
    CompletableFuture<IssueOutcome> outcome = brokers.issue();

    mesh.passMillis(TwoBrokers.COLD - 1);
    assertThat(outcome).isNotDone();
    mesh.passMillis(1);

    assertThat(VirtualMesh.issued(outcome).accessKeyId()).isEqualTo("ASIA1");
    assertThat(brokers.takeOvers("silent")).isEqualTo(1);
  }

  @Test
  void waitsLessForAnOwnerOnceOwnersHaveAnsweredQuickly() {
    brokers.ownersAnswerQuickly();
    brokers.ownerIsSilent(1);
    CompletableFuture<IssueOutcome> outcome = brokers.issue();

    mesh.passMillis(149);
    assertThat(outcome).isNotDone();
    mesh.passMillis(1);

    assertThat(VirtualMesh.issued(outcome).accessKeyId()).isEqualTo("ASIA" + TwoBrokers.NEXT);
  }

  @Test
  void asksTheOwnerAgainOnceTooMuchWasOpenedInItsPlace() {
    int revision = 1;
    for (; revision <= 10; revision++) {
      brokers.associate(revision);
      brokers.ownerIsSilent(1);
      CompletableFuture<IssueOutcome> outcome = brokers.issue();
      mesh.passMillis(TwoBrokers.COLD);
      VirtualMesh.issued(outcome);
    }
    assertThat(brokers.takeOvers("silent")).isEqualTo(10);
    brokers.associate(revision);
    brokers.ownerIsSilent(2);

    CompletableFuture<IssueOutcome> outcome = brokers.issue();
    mesh.passMillis(2 * TwoBrokers.COLD - 1);
    assertThat(mesh.sts.calls).hasSize(10);
    mesh.passMillis(1);

    // It answers now: the one call is its own.
    assertThat(VirtualMesh.issued(outcome).accessKeyId()).isEqualTo("ASIA11");
    assertThat(brokers.takeOvers("silent")).isEqualTo(10);
    assertThat(brokers.askedAgain()).isEqualTo(2);
  }

  @Test
  void opensItHereOnceTheTimeForItIsOverHoweverMuchWas() {
    for (int revision = 1; revision <= 11; revision++) {
      brokers.associate(revision);
      brokers.ownerIsSilent(100);
      brokers.issue();
      mesh.passMillis(TwoBrokers.COLD);
    }

    for (int second = 0; second < 60; second++) {
      brokers.issue();
      mesh.pass(Duration.ofSeconds(1));
    }

    assertThat(mesh.sts.calls).hasSize(11);
  }

  @Test
  void opensItHereAtOnceWhenTheOwnerCannotBeReached() {
    brokers.ownerCannotBeReached();

    assertThat(VirtualMesh.issued(brokers.issue()).accessKeyId()).isEqualTo("ASIA1");
    assertThat(brokers.takeOvers("silent")).isEqualTo(1);
  }

  @Test
  void opensItHereOnceWhenTheOwnerDiesAtWork() {
    brokers.ownerReplies(new OpenResult.Working());
    brokers.ownerReplies(new OpenResult.Working());
    brokers.ownerIsSilent(1);
    List<CompletableFuture<IssueOutcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      outcomes.add(brokers.issue());
    }

    mesh.passMillis(TwoBrokers.COLD + OwnerRoute.HOLD.toMillis() - 1);
    assertThat(outcomes).noneMatch(CompletableFuture::isDone);
    mesh.passMillis(1);

    assertThat(outcomes)
        .allSatisfy(
            outcome -> assertThat(VirtualMesh.issued(outcome).accessKeyId()).isEqualTo("ASIA1"));
    assertThat(mesh.sts.calls).hasSize(1);
    assertThat(brokers.asked).hasSize(3);
    assertThat(brokers.takeOvers("silent")).isEqualTo(1);
  }

  @Test
  void opensItHereWhenTheOwnerIsBehind() {
    mesh.table.put(Samples.association(2));

    assertThat(VirtualMesh.issued(brokers.issue()).accessKeyId()).isEqualTo("ASIA1");
    assertThat(brokers.takeOvers("unable")).isEqualTo(1);
  }

  @Test
  void followsTheKeyAtOnceToItsNextOwner() {
    brokers.ownerLeavesTheKeyTo("node-c");

    assertThat(VirtualMesh.issued(brokers.issue()).accessKeyId()).isEqualTo("ASIA1");

    assertThat(brokers.nodes).startsWith("node-b", "node-c");
    assertThat(brokers.takeOvers("silent")).isZero();
  }

  @Test
  void followsNobodyAfterASilenceWhileAPodWaits() {
    brokers.replies.add(
        () -> {
          brokers.seen = new SessionOwners.Owner.Peer("node-c");
          return new CompletableFuture<>();
        });

    CompletableFuture<IssueOutcome> outcome = brokers.issue();
    mesh.passMillis(TwoBrokers.COLD);

    assertThat(VirtualMesh.issued(outcome).accessKeyId()).isEqualTo("ASIA1");
    assertThat(brokers.nodes).containsExactly("node-b");
  }

  @Test
  void followsItOnlyOnceWhileAPodWaits() {
    brokers.ownerLeavesTheKeyTo("node-c");
    brokers.ownerLeavesTheKeyTo("node-d");

    assertThat(VirtualMesh.issued(brokers.issue()).accessKeyId()).isEqualTo("ASIA1");

    assertThat(brokers.nodes).containsExactly("node-b", "node-c");
    assertThat(brokers.takeOvers("silent")).isEqualTo(1);
  }
}
