package io.claviger.edge.credential;

import static io.claviger.edge.credential.Samples.NOW;
import static io.claviger.edge.credential.Samples.at;
import static io.claviger.edge.credential.Samples.issued;
import static io.claviger.edge.credential.Samples.refused;
import static io.claviger.edge.credential.Samples.session;
import static io.claviger.edge.credential.Samples.token;
import static io.claviger.edge.credential.Samples.verified;
import static io.claviger.edge.credential.TestNode.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.credential.CredentialObserver.RefreshResult;
import io.claviger.edge.credential.CredentialOutcome.Refused;
import io.claviger.edge.workload.TokenCheck;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.RefusalReason;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Pods that are deleted while this node has cached entries of them. */
final class DeletedPodsTest {

  private static final Duration DUE = Duration.ofMinutes(33);

  private final TestNode node = new TestNode();

  private void presents(String uid) {
    node.credentials.cached(token(uid), new TokenCheck.Verified(verified(uid)));
  }

  @Test
  void takeTheirOwnSessionsWithThem() {
    for (String uid : new String[] {"pod-1", "pod-2"}) {
      node.ask(uid);
      node.brokers.answer(
          issued(uid, TagScope.POD, 1, at(1), session("AKIA-" + uid, NOW, Duration.ofHours(1))));
    }

    node.deletedPods.deleted("pod-1");

    assertThat(node.cached("pod-1")).isNull();
    assertThat(node.cached("pod-2")).isEqualTo("AKIA-pod-2");
  }

  @Test
  void leaveWhatTheyShareToTheOthersWhoRefreshItFromThenOn() {
    node.has("pod-1", "AKIA1");
    presents("pod-2");

    node.deletedPods.deleted("pod-1");
    assertThat(node.cached("pod-2")).isEqualTo("AKIA1");
    node.sweepAfter(DUE);

    assertThat(node.brokers.requests().getLast().token()).isEqualTo(token("pod-2"));
  }

  @Test
  void haveNothingRefreshedThatTheyAloneUsed() {
    node.has("pod-1", "AKIA1");

    node.deletedPods.deleted("pod-1");
    node.sweepAfter(DUE);

    assertThat(node.brokers.asked()).isEqualTo(1);
  }

  @Test
  void areNotAnsweredWhatABrokerSaysTooLate() {
    CompletionStage<CredentialOutcome> asked = node.ask("pod-1");
    node.deletedPods.deleted("pod-1");

    node.brokers.answer(issued("pod-1", "AKIA1", NOW));

    assertThat(now(asked))
        .isEqualTo(new Refused(RefusalReason.INVALID_TOKEN, "the pod is deleted"));
    assertThat(node.refreshTokens.find(verified("pod-1").pod())).isNull();
    assertThat(node.sessions.size()).isZero();
  }

  /** If pods are not watched, a broker reports the deletion when a session is refreshed. */
  @Test
  void leaveWhatTheyShareToTheOthersAlsoWhenABrokerIsTheFirstToKnow() {
    node.has("pod-1", "AKIA1");
    Instant later = NOW.plus(Duration.ofHours(3));
    node.credentials.cached(token("gone"), new TokenCheck.Verified(verified("gone", later)));

    node.sweepAfter(DUE);
    assertThat(node.brokers.requests().getLast().token()).isEqualTo(token("gone"));
    node.brokers.answer(refused("gone", RefusalReason.INVALID_TOKEN, at(1)));
    assertThat(node.cached("pod-1")).isEqualTo("AKIA1");

    node.sweepAfter(Duration.ofMillis(200));
    assertThat(node.brokers.requests().getLast().token()).isEqualTo(token("pod-1"));
    node.brokers.answer(issued("pod-1", "AKIA2", node.clock.instant()));
    assertThat(node.cached("pod-1")).isEqualTo("AKIA2");
    assertThat(node.observer.refreshes)
        .containsExactly(RefreshResult.REFUSED, RefreshResult.REFRESHED);
  }

  @Test
  void loseTheirSessionWhenABrokerIsTheFirstToKnow() {
    node.has("pod-1", "AKIA1");
    node.sweepAfter(DUE);

    node.brokers.answer(refused("pod-1", RefusalReason.INVALID_TOKEN, at(1)));

    assertThat(node.cached("pod-1")).isNull();
    assertThat(node.observer.refreshes).containsExactly(RefreshResult.EVICTED);
  }
}
