package io.claviger.edge.credential;

import static io.claviger.edge.credential.Samples.NOW;
import static io.claviger.edge.credential.Samples.issued;
import static io.claviger.edge.credential.Samples.token;
import static io.claviger.edge.credential.Samples.verified;
import static io.claviger.edge.credential.TestNode.isOver;
import static io.claviger.edge.credential.TestNode.key;
import static io.claviger.edge.credential.TestNode.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.credential.CredentialOutcome.Refused;
import io.claviger.edge.credential.PodLookup.Presence;
import io.claviger.edge.workload.TokenCheck;
import io.claviger.schemas.bus.PodPolicy;
import io.claviger.schemas.bus.RefusalReason;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** New pods whose service account's session is cached. */
class NewPodCheckTest {

  private static final Refused DELETED =
      new Refused(RefusalReason.INVALID_TOKEN, "the pod is deleted");

  private final TestNode node = new TestNode();

  @BeforeEach
  void holdASession() {
    node.served.policy(PodPolicy.PREFERRED);
    node.has("pod-1", "AKIA1");
  }

  private boolean isHit(String uid) {
    return node.credentials.cached(token(uid), new TokenCheck.Verified(verified(uid))) != null;
  }

  @Test
  void asksABrokerOnceBeforeWhatIsCachedIsServed() {
    assertThat(isHit("pod-2")).isFalse();
    CompletionStage<CredentialOutcome> asked = node.ask("pod-2");
    assertThat(isOver(asked)).isFalse();

    node.lookup.answer(Presence.THERE);

    assertThat(key(asked)).isEqualTo("AKIA1");
    assertThat(isHit("pod-2")).isTrue();
    assertThat(node.lookup.asked).containsExactly("pod-2");
    assertThat(node.brokers.asked()).isEqualTo(1);
  }

  @Test
  void asksNobodyAboutAPodThatABrokerHasGivenCredentials() {
    assertThat(isHit("pod-1")).isTrue();
    assertThat(node.lookup.asked).isEmpty();
  }

  @Test
  void refusesADeletedPodAndKeepsWhatItsNeighboursShare() {
    CompletionStage<CredentialOutcome> asked = node.ask("gone");
    node.lookup.answer(Presence.GONE);

    assertThat(now(asked)).isEqualTo(DELETED);
    assertThat(now(node.ask("gone"))).isEqualTo(DELETED);
    assertThat(node.tokens.isDeleted("gone")).isTrue();
    assertThat(isHit("pod-1")).isTrue();
    assertThat(node.lookup.asked).containsExactly("gone");
  }

  @Test
  void believesThePodWhereNobodyCanSayAndReportsItToBrokers() {
    CompletionStage<CredentialOutcome> asked = node.ask("pod-2");
    node.lookup.answer(Presence.UNKNOWN);

    assertThat(key(asked)).isEqualTo("AKIA1");
    assertThat(node.served.find("pod-2")).isEqualTo(ServedPods.pod(verified("pod-2")));

    node.deletedPods.deleted("pod-2");
    assertThat(node.served.find("pod-2")).isNull();
  }

  /** Otherwise a client with enough requests could get deleted pods accepted. */
  @Test
  void tellsAPodOfWhichNobodyWasAskedToComeAgain() {
    CompletionStage<CredentialOutcome> asked = node.ask("pod-2");
    node.lookup.answer(Presence.NOT_ASKED);

    assertThat(now(asked)).isInstanceOf(CredentialOutcome.Unavailable.class);
    assertThat(node.served.find("pod-2")).isNull();
    assertThat(isHit("pod-2")).isFalse();
  }

  @Test
  void asksABrokerForCredentialsWhereTheClusterHasToSayAndCannot() {
    node.served.policy(PodPolicy.REQUIRED);
    CompletionStage<CredentialOutcome> asked = node.ask("pod-2");
    node.lookup.answer(Presence.UNKNOWN);
    assertThat(isOver(asked)).isFalse();
    assertThat(node.brokers.asked()).isEqualTo(2);
    node.brokers.fail(new IllegalStateException("away"));
    assertThat(isHit("pod-2")).isFalse();

    CompletionStage<CredentialOutcome> again = node.ask("pod-2");
    node.lookup.answer(Presence.THERE);
    assertThat(key(again)).isEqualTo("AKIA1");
  }

  @Test
  void asksNobodyWhereNobodyIsToBeAsked() {
    node.served.policy(PodPolicy.OFF);

    assertThat(isHit("pod-2")).isTrue();
  }

  @Test
  void refusesAPodOfWhichOneBrokerSaysThatItIsGoneBeforeTheOtherHasSaidThatItIsThere() {
    CompletionStage<CredentialOutcome> asked = node.ask("pod-2");
    node.deletedPods.deleted("pod-2");
    node.lookup.answer(Presence.THERE);

    assertThat(now(asked)).isEqualTo(DELETED);
    assertThat(node.served.size()).isEqualTo(1);
  }

  @Test
  void refreshesWhatIsSharedWithNoTokenOfAPodThatIsNotKnownToBeThere() {
    isHit("pod-2");
    assertThat(node.refreshTokens.find(verified("pod-2").pod())).isNull();

    node.ask("pod-2");
    node.lookup.answer(Presence.THERE);
    assertThat(node.refreshTokens.find(verified("pod-2").pod())).isNotNull();
  }

  /** The session arrived just before the pod's own request was sent. */
  @Test
  void handsNothingToAPodWhoseRequestABrokerHasNotAnswered() {
    TestNode empty = new TestNode();
    empty.served.policy(PodPolicy.PREFERRED);
    CompletionStage<CredentialOutcome> first = empty.ask("pod-1");
    CompletionStage<CredentialOutcome> gone = empty.ask("gone");
    empty.brokers.answer(issued("pod-1", "AKIA1", NOW));
    assertThat(key(first)).isEqualTo("AKIA1");

    assertThat(isOver(gone)).isFalse();
    empty.brokers.answer(Samples.refused("gone", RefusalReason.INVALID_TOKEN, Samples.at(1)));
    assertThat(now(gone)).isInstanceOf(Refused.class);
  }
}
