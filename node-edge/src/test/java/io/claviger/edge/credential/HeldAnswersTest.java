package io.claviger.edge.credential;

import static io.claviger.edge.credential.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.Sync;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class HeldAnswersTest {

  private final TestNode node = new TestNode();

  @Test
  void areAskedForAgainWithinTwoSecondsAndServedMeanwhile() {
    node.has("pod-1", "AKIA1");

    new HeldAnswers(node.sessions, node.refusals).verifyAgain();

    node.sweepAfter(Duration.ofMillis(999));
    assertThat(node.brokers.asked()).isEqualTo(1);
    node.sweepAfter(Duration.ofMillis(1));
    assertThat(node.brokers.asked()).isEqualTo(2);
    assertThat(node.held("pod-1")).isEqualTo("AKIA1");
  }

  @Test
  void areForgottenWhenTheirAssociationIsRemoved() {
    node.has("pod-1", "AKIA1");

    node.moved(0, at(2));

    assertThat(node.held("pod-1")).isNull();
  }

  @Test
  void areToldOncePerAssociationTogetherWithRefusals() {
    node.has("pod-1", "AKIA1");
    node.ask("pod-2");
    node.moved(0, at(2));
    node.ask("pod-1");
    node.brokers.answer(Samples.refused("pod-1", RefusalReason.NO_ASSOCIATION, at(2)));

    assertThat(node.held.known()).containsExactly(Sync.Known.refused(Samples.WEB));
    node.moved(3, at(3));
    node.has("pod-1", 3, at(3), "AKIA3");
    assertThat(node.held.known()).containsExactly(new Sync.Known(Samples.WEB, "a-1", 3));
  }

  @Test
  void areForgottenWhenABrokerSaysThatTheirAssociationIsAnotherOne() {
    node.has("pod-1", "AKIA1");

    node.moves.apply(new Sync.Known(Samples.WEB, "a-1", 1), at(1));

    assertThat(node.held("pod-1")).isNull();
  }

  @Test
  void ofAnotherRevisionThanABrokerWasToldAreKept() {
    node.has("pod-1", "AKIA1");
    node.has("pod-1", 2, at(5), "AKIA2");

    node.moves.apply(new Sync.Known(Samples.WEB, "a-1", 1), at(4));

    assertThat(node.held("pod-1")).isEqualTo("AKIA2");
  }

  @Test
  void thatWereRefusalsAreForgottenWhenABrokerSaysThatThereIsAnAssociation() {
    CompletionStage<CredentialOutcome> refused = node.ask("pod-1");
    node.brokers.answer(Samples.refused("pod-1", RefusalReason.NO_ASSOCIATION, at(2)));
    assertThat(TestNode.now(refused)).isInstanceOf(CredentialOutcome.Refused.class);

    node.moves.apply(Sync.Known.refused(Samples.WEB), at(3));

    assertThat(TestNode.isOver(node.ask("pod-1"))).isFalse();
  }

  @Test
  void thatComeLateFromBeforeABrokersAnswerAreDiscarded() {
    CompletionStage<CredentialOutcome> asked = node.ask("pod-1");

    node.moves.apply(new Sync.Known(Samples.WEB, "a-1", 1), at(3));
    node.brokers.answer(Samples.issued("pod-1", "AKIA1", Samples.NOW));

    assertThat(TestNode.isOver(asked)).isFalse();
    assertThat(node.held("pod-1")).isNull();
  }

  @Test
  void areNotHandedOutWhileNoBrokerHasBeenThereForTooLong() {
    node.has("pod-1", "AKIA1");
    node.timers.pass(Duration.ofMinutes(5).plusMillis(1));

    CompletionStage<CredentialOutcome> asked = node.ask("pod-1");
    assertThat(TestNode.isOver(asked)).isFalse();

    node.authority.confirmed();
    assertThat(TestNode.key(node.ask("pod-2"))).isEqualTo("AKIA1");
  }
}
