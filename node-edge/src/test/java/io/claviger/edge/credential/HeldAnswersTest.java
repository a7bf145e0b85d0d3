package io.claviger.edge.credential;

import static io.claviger.edge.credential.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.revocation.PushSequence;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.bus.AssociationMoved;
import io.claviger.schemas.bus.BusProtocol;
import java.time.Duration;
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
  void areVerifiedAgainAfterAGapInThePushes() {
    node.has("pod-1", "AKIA1");

    node.moves.apply(
        new PushSequence(at(1)),
        new AssociationMoved(
            BusProtocol.VERSION, new AssociationKey("c1", "app1", "other"), 1, at(4), at(3)));
    node.sweepAfter(Duration.ofSeconds(2));

    assertThat(node.brokers.asked()).isEqualTo(2);
    assertThat(node.held("pod-1")).isEqualTo("AKIA1");
  }
}
