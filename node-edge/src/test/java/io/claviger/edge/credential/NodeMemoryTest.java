package io.claviger.edge.credential;

import static io.claviger.edge.credential.Samples.NOW;
import static io.claviger.edge.credential.Samples.at;
import static io.claviger.edge.credential.Samples.issued;
import static io.claviger.edge.credential.Samples.refused;
import static io.claviger.edge.credential.Samples.session;
import static io.claviger.edge.credential.Samples.token;
import static io.claviger.edge.credential.Samples.verified;
import static io.claviger.edge.credential.TestNode.isOver;
import static io.claviger.edge.credential.TestNode.key;
import static io.claviger.edge.credential.TestNode.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.credential.CredentialOutcome.Refused;
import io.claviger.edge.workload.TokenCheck;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.RevokedPods;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Revoked pods whose session other pods share. */
final class NodeMemoryTest {

  private final TestNode node = new TestNode();

  @Test
  void askABrokerForARevokedPodAndServeItsNeighbourFromMemory() {
    node.has("pod-1", "AKIA1");
    node.revokedPods(at(2), "pod-1");

    CompletionStage<CredentialOutcome> revoked = node.ask("pod-1");
    assertThat(isOver(revoked)).isFalse();
    node.brokers.answer(refused("pod-1", RefusalReason.POD_REVOKED, at(2)));

    assertThat(now(revoked)).isInstanceOf(Refused.class);
    assertThat(fromMemory("pod-1")).isNull();
    assertThat(key(node.ask("pod-2"))).isEqualTo("AKIA1");
    assertThat(node.brokers.asked()).isEqualTo(2);
  }

  @Test
  void rememberTheRefusalForThatPodOnlyAndForgetItWhenItIsLifted() {
    node.has("pod-1", "AKIA1");
    node.revokedPods(at(2), "pod-1");
    node.ask("pod-1");
    node.brokers.answer(refused("pod-1", RefusalReason.POD_REVOKED, at(2)));

    assertThat(now(node.ask("pod-1"))).isInstanceOf(Refused.class);
    assertThat(node.brokers.asked()).isEqualTo(2);
    node.revokedPods(at(3));

    assertThat(key(node.ask("pod-1"))).isEqualTo("AKIA1");
  }

  @Test
  void takeNoAnswerFromBeforeTheRevocation() {
    CompletionStage<CredentialOutcome> asked = node.ask("pod-1");
    node.revokedPods(at(2), "pod-1");

    node.brokers.answer(issued("pod-1", "AKIA1", NOW));
    assertThat(isOver(asked)).isFalse();
    node.timers.pass(Duration.ofMillis(50));
    node.brokers.answer(refused("pod-1", RefusalReason.POD_REVOKED, at(2)));

    assertThat(now(asked)).isInstanceOf(Refused.class);
    assertThat(node.cached("pod-2")).isNull();
  }

  @Test
  void takeNoRefusalFromBeforeTheLifting() {
    node.revokedPods(at(2), "pod-1");
    CompletionStage<CredentialOutcome> asked = node.ask("pod-1");
    node.revokedPods(at(3));

    node.brokers.answer(refused("pod-1", RefusalReason.POD_REVOKED, at(2)));
    assertThat(isOver(asked)).isFalse();
    node.timers.pass(Duration.ofMillis(50));
    node.brokers.answer(issued("pod-1", 1, at(3), session("AKIA1", NOW, Duration.ofHours(1))));

    assertThat(key(asked)).isEqualTo("AKIA1");
  }

  @Test
  void forgetAPodsOwnSession() {
    node.ask("pod-1");
    node.brokers.answer(
        issued("pod-1", TagScope.POD, 1, at(1), session("AKIA1", NOW, Duration.ofHours(1))));

    node.revokedPods(at(2), "app1/web-0");
    node.revokedPods(at(3));

    assertThat(node.cached("pod-1")).isNull();
  }

  @Test
  void forgetEverythingOfARevokedNode() {
    node.has("pod-1", "AKIA1");

    node.revokedPods(new RevokedPods(BusProtocol.VERSION, at(2), true, List.of()));

    assertThat(node.sessions.size()).isZero();
  }

  @Test
  void refreshWhatIsSharedWithTheTokenOfAPodThatIsNotRevoked() {
    node.has("pod-1", "AKIA1");
    node.credentials.cached(token("pod-2"), new TokenCheck.Verified(verified("pod-2")));
    node.revokedPods(at(2), "pod-1");
    node.credentials.cached(token("pod-1"), new TokenCheck.Verified(verified("pod-1")));

    node.sweepAfter(Duration.ofMinutes(31));

    assertThat(node.brokers.requests().getLast().token()).isEqualTo(token("pod-2"));
    assertThat(node.brokers.asked()).isEqualTo(2);
  }

  private @Nullable CachedSession fromMemory(String uid) {
    return node.credentials.cached(token(uid), new TokenCheck.Verified(verified(uid)));
  }
}
