package io.claviger.edge.credential;

import static io.claviger.edge.credential.Samples.NOW;
import static io.claviger.edge.credential.Samples.at;
import static io.claviger.edge.credential.Samples.issued;
import static io.claviger.edge.credential.Samples.refused;
import static io.claviger.edge.credential.Samples.session;
import static io.claviger.edge.credential.Samples.verified;
import static io.claviger.edge.credential.TestNode.isOver;
import static io.claviger.edge.credential.TestNode.key;
import static io.claviger.edge.credential.TestNode.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.credential.CredentialOutcome.Refused;
import io.claviger.schemas.bus.RefusalReason;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** For which requesters and for how long a broker's refusal holds. */
final class RememberedRefusalsTest {

  private final TestNode node = new TestNode();

  @Test
  void remembersARefusalForFiveSeconds() {
    node.ask("pod-1");
    node.brokers.answer(refused("pod-1", RefusalReason.NO_ASSOCIATION, at(1)));

    node.timers.pass(Duration.ofMillis(4_999));
    assertThat(now(node.ask("pod-1"))).isInstanceOf(Refused.class);
    assertThat(node.brokers.asked()).isEqualTo(1);

    node.timers.pass(Duration.ofMillis(1));
    node.ask("pod-1");
    assertThat(node.brokers.asked()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"NO_ASSOCIATION", "NOT_GRANTED", "ROLE_REVOKED"})
  void refusesTheWholeServiceAccountWhatItsAssociationDoesNotGive(RefusalReason reason) {
    node.ask("pod-1");
    node.brokers.answer(refused("pod-1", reason, at(1)));

    assertThat(now(node.ask("pod-2"))).isInstanceOf(Refused.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"ROLE_DENIED", "ROLE_MISCONFIGURED"})
  void refusesOnlyThePodWhatItsRoleDenies(RefusalReason reason) {
    node.ask("pod-1");
    node.brokers.answer(refused("pod-1", reason, at(1)));

    assertThat(now(node.ask("pod-1"))).isInstanceOf(Refused.class);
    assertThat(isOver(node.ask("pod-2"))).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"INVALID_TOKEN", "EXPIRED_TOKEN", "WRONG_NODE"})
  void refusesOnlyTheTokenWhatABrokerHoldsAgainstTheIdentity(RefusalReason reason) {
    node.ask("pod-1");
    node.brokers.answer(refused("pod-1", reason, at(1)));

    assertThat(now(node.ask("pod-1"))).isInstanceOf(Refused.class);
    assertThat(isOver(node.ask("pod-2"))).isFalse();
    assertThat(node.refreshTokens.find(verified("pod-1").pod())).isNull();
  }

  @Test
  void dropsARefusalWhenTheAssociationChanges() {
    node.ask("pod-1");
    node.brokers.answer(refused("pod-1", RefusalReason.NO_ASSOCIATION, at(1)));

    node.changed(1, at(2));

    assertThat(isOver(node.ask("pod-1"))).isFalse();
  }

  @Test
  void keepsARefusalThatWasMadeAfterTheChange() {
    node.ask("pod-1");
    node.brokers.answer(refused("pod-1", RefusalReason.ROLE_DENIED, at(2)));

    node.changed(1, at(2));

    assertThat(now(node.ask("pod-1"))).isInstanceOf(Refused.class);
  }

  @Test
  void discardsARefusalFromBeforeAChange() {
    CompletionStage<CredentialOutcome> asked = node.ask("pod-1");

    node.changed(1, at(5));
    node.brokers.answer(refused("pod-1", RefusalReason.NO_ASSOCIATION, at(4)));
    node.timers.pass(Duration.ofMillis(50));
    node.brokers.answer(issued("pod-1", 1, at(5), session("NEW", NOW, Duration.ofHours(1))));

    assertThat(key(asked)).isEqualTo("NEW");
  }
}
