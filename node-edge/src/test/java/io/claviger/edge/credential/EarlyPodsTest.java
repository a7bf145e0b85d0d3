package io.claviger.edge.credential;

import static io.claviger.edge.credential.Samples.NOW;
import static io.claviger.edge.credential.Samples.at;
import static io.claviger.edge.credential.Samples.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.config.trust.TokenHash;
import io.claviger.edge.workload.TokenCheck;
import io.claviger.edge.workload.TokenMint;
import io.claviger.edge.workload.VerifiedToken;
import io.claviger.schemas.bus.RefusalReason;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Pods that request credentials before their association exists. */
final class EarlyPodsTest {

  private static final TokenMint MINT = new TokenMint("key-1");

  private final TestNode node = new TestNode();

  private CompletableFuture<PodAnswer> ask(String uid, Instant issued) {
    String token = MINT.token(NOW).issuedAt(issued).pod(uid).sign();
    VerifiedToken verified =
        VerifiedToken.of(
            TokenHash.of(token), Samples.pod(uid), NOW.plus(Duration.ofHours(1)), "key-1");
    return node.credentials
        .obtain(token, verified, TestNode.TIMES.flightDeadline())
        .toCompletableFuture();
  }

  private CompletableFuture<PodAnswer> ask(String uid) {
    return ask(uid, NOW.minusSeconds(1));
  }

  private static PodAnswer.Early early(CompletableFuture<PodAnswer> asked) {
    assertThat(asked).isCompleted();
    assertThat(asked.join()).isInstanceOf(PodAnswer.Early.class);
    return (PodAnswer.Early) asked.join();
  }

  private static CompletableFuture<Void> change(CompletableFuture<PodAnswer> asked) {
    return early(asked).change().toCompletableFuture();
  }

  @Test
  void areInformedThatTheirAssociationMayComeAndHearOfIt() {
    CompletableFuture<PodAnswer> asked = ask("pod-1");
    node.brokers.answer(refused("pod-1", RefusalReason.NO_ASSOCIATION, at(1)));
    CompletableFuture<Void> change = change(asked);
    assertThat(change).isNotDone();

    node.changed(1, at(2));

    assertThat(change).isCompleted();
    CompletableFuture<PodAnswer> again = ask("pod-1");
    assertThat(node.brokers.asked()).isEqualTo(2);
    node.brokers.answer(
        Samples.issued(
            "pod-1",
            1,
            at(2),
            Samples.session("AKIA1", node.clock.instant(), Duration.ofHours(1))));
    assertThat(again.join()).isInstanceOf(CredentialOutcome.Issued.class);
  }

  @Test
  void askTheBrokersOnceWhileTheRefusalIsRemembered() {
    CompletableFuture<PodAnswer> first = ask("pod-1");
    node.brokers.answer(refused("pod-1", RefusalReason.NO_ASSOCIATION, at(1)));

    for (int pod = 2; pod < 20; pod++) {
      assertThat(change(ask("pod-" + pod))).isSameAs(change(first));
    }

    assertThat(node.brokers.asked()).isEqualTo(1);
  }

  @Test
  void hearOfAChangeAlsoWhenTheRefusalIsNotRememberedAnyMore() {
    CompletableFuture<PodAnswer> asked = ask("pod-1");
    node.brokers.answer(refused("pod-1", RefusalReason.NO_ASSOCIATION, at(1)));
    CompletableFuture<Void> change = change(asked);

    node.clock.advance(TestNode.TIMES.refusalMemory().plusSeconds(1));
    node.changed(1, at(2));

    assertThat(change).isCompleted();
  }

  @Test
  void hearOfAChangeAlsoWhenAnotherPodsRefusalHasTakenTheFirstOnesPlace() {
    CompletableFuture<PodAnswer> one = ask("pod-1");
    CompletableFuture<PodAnswer> other = ask("pod-2");
    node.brokers.answer(refused("pod-1", RefusalReason.NO_ASSOCIATION, at(1)));
    CompletableFuture<Void> change = change(one);
    node.brokers.answer(refused("pod-2", RefusalReason.NO_ASSOCIATION, at(1)));
    assertThat(change(other)).isNotDone();

    node.changed(1, at(2));

    assertThat(change).isCompleted();
    assertThat(change(other)).isCompleted();
  }

  @Test
  void areOldAMinuteAfterTheirTokenWasIssued() {
    CompletableFuture<PodAnswer> asked = ask("pod-1", NOW.minusSeconds(59));
    node.brokers.answer(refused("pod-1", RefusalReason.NO_ASSOCIATION, at(1)));
    early(asked);

    assertThat(ask("pod-1", NOW.minusSeconds(60)).join())
        .isInstanceOf(CredentialOutcome.Refused.class);
    // The API server's clock may be ahead of this node's.
    early(ask("pod-1", NOW.plusSeconds(30)));
  }

  @Test
  void areRefusedForGoodWhereTheReasonIsAnotherOne() {
    CompletableFuture<PodAnswer> asked = ask("pod-1");
    node.brokers.answer(refused("pod-1", RefusalReason.NOT_GRANTED, at(1)));

    assertThat(asked.join()).isInstanceOf(CredentialOutcome.Refused.class);
  }

  @Test
  void waitTooWhereOnlyABrokerCouldVerifyTheirToken() {
    String token = MINT.token(NOW).pod("pod-1").sign();
    CompletableFuture<PodAnswer> asked =
        node.credentials
            .obtain(
                token,
                new TokenCheck.Unproven(TokenHash.of(token), "key-9"),
                TestNode.TIMES.flightDeadline())
            .toCompletableFuture();
    node.brokers.answer(refused("pod-1", RefusalReason.NO_ASSOCIATION, at(1)));
    CompletableFuture<Void> change = change(asked);

    node.changed(1, at(2));

    assertThat(change).isCompleted();
  }
}
