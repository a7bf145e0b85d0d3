package io.claviger.edge.credential;

import static io.claviger.edge.credential.Samples.NOW;
import static io.claviger.edge.credential.Samples.at;
import static io.claviger.edge.credential.Samples.issued;
import static io.claviger.edge.credential.Samples.session;
import static io.claviger.edge.credential.Samples.token;
import static io.claviger.edge.credential.Samples.verified;
import static io.claviger.edge.credential.TestNode.isOver;
import static io.claviger.edge.credential.TestNode.key;
import static io.claviger.edge.credential.TestNode.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.credential.CredentialObserver.FlightResult;
import io.claviger.edge.credential.CredentialOutcome.Unavailable;
import io.claviger.edge.workload.TokenCheck;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.event.ServedFrom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class NodeCredentialsTest {

  private final TestNode node = new TestNode();

  @Test
  void asksABrokerOnceForWhatItDoesNotHold() {
    node.minPositions.saw(at(7));

    CompletionStage<CredentialOutcome> first = node.ask("pod-1");
    node.brokers.answer(issued("pod-1", "AKIA1", NOW));

    assertThat(key(first)).isEqualTo("AKIA1");
    assertThat(node.brokers.requests())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.token()).isEqualTo(token("pod-1"));
              assertThat(request.priority()).isEqualTo(RequestPriority.FIRST);
              assertThat(request.minPosition()).isEqualTo(at(7));
            });
  }

  @Test
  void answersTheSameTokenFromMemory() {
    node.has("pod-1", "AKIA1");

    var cached =
        node.credentials.cached(token("pod-1"), new TokenCheck.Verified(verified("pod-1")));

    assertThat(cached)
        .extracting(CachedSession::credentials)
        .isEqualTo(session("AKIA1", NOW, Duration.ofHours(1)));
    assertThat(node.brokers.asked()).isEqualTo(1);
  }

  @Test
  void saysForWhichPodAnAnswerIsAndWhereItIsFrom() {
    var first = node.ask("pod-1");
    node.brokers.answer(issued("pod-1", "AKIA1", NOW));
    var fromMemory = node.ask("pod-2");

    assertThat(TestNode.now(first)).isEqualTo(issuedTo("pod-1", ServedFrom.BROKER));
    assertThat(TestNode.now(fromMemory)).isEqualTo(issuedTo("pod-2", ServedFrom.MEMORY));
  }

  private static CredentialOutcome.Issued issuedTo(String uid, ServedFrom from) {
    return new CredentialOutcome.Issued(
        Samples.pod(uid), "a-1", 1, session("AKIA1", NOW, Duration.ofHours(1)), from);
  }

  @Test
  void answersEveryPodOfAServiceAccountWithTheSessionThatTheyShare() {
    node.has("pod-1", "AKIA1");

    assertThat(key(node.ask("pod-2"))).isEqualTo("AKIA1");
    assertThat(node.brokers.asked()).isEqualTo(1);
  }

  @Test
  void answersNobodyElseWithAPodsOwnSession() {
    node.ask("pod-1");
    node.brokers.answer(
        issued("pod-1", TagScope.POD, 1, at(1), session("AKIA1", NOW, Duration.ofHours(1))));

    assertThat(node.cached("pod-1")).isEqualTo("AKIA1");
    assertThat(node.cached("pod-2")).isNull();
  }

  @Test
  void keepsTheTokensOfPodsThatAreServedAndOfNoOthers() {
    TestNode other = new TestNode();
    other.ask("refused");
    other.brokers.answer(Samples.refused("refused", RefusalReason.NO_ASSOCIATION, at(1)));
    assertThat(other.refreshTokens.find(verified("refused").pod())).isNull();

    node.ask("asking");
    assertThat(node.refreshTokens.find(verified("asking").pod())).isNull();

    node.brokers.answer(issued("asking", "AKIA1", NOW));
    assertThat(node.refreshTokens.find(verified("asking").pod())).isNotNull();
    node.credentials.cached(token("pod-2"), new TokenCheck.Verified(verified("pod-2")));
    assertThat(node.refreshTokens.find(verified("pod-2").pod())).isNotNull();
  }

  @Test
  void asksOnceForSixteenThatAskTogether() {
    List<CompletionStage<CredentialOutcome>> sixteen =
        IntStream.range(0, 16).mapToObj(i -> node.ask("pod-1")).toList();
    assertThat(sixteen).noneMatch(TestNode::isOver);

    node.brokers.answer(issued("pod-1", "AKIA1", NOW));

    assertThat(node.brokers.asked()).isEqualTo(1);
    assertThat(sixteen).allSatisfy(stage -> assertThat(key(stage)).isEqualTo("AKIA1"));
  }

  @Test
  void keepsTheAnswerOfAFlightWhoseCallersHaveAllLeft() {
    boolean cancelled = node.ask("pod-1").toCompletableFuture().cancel(true);

    node.brokers.answer(issued("pod-1", "AKIA1", NOW));

    assertThat(cancelled).isTrue();
    assertThat(node.cached("pod-1")).isEqualTo("AKIA1");
  }

  @Test
  void doesNotLetOneCallerThatLeavesEndItForTheOthers() {
    CompletionStage<CredentialOutcome> leaving = node.ask("pod-1");
    CompletionStage<CredentialOutcome> staying = node.ask("pod-1");

    leaving.toCompletableFuture().cancel(true);
    node.brokers.answer(issued("pod-1", "AKIA1", NOW));

    assertThat(key(staying)).isEqualTo("AKIA1");
  }

  @Test
  void refusesASessionThatIsAboutToEnd() {
    CompletionStage<CredentialOutcome> asked = node.ask("pod-1");

    node.brokers.answer(issued("pod-1", 1, at(1), session("AKIA1", NOW, Duration.ofSeconds(14))));

    assertThat(now(asked)).isInstanceOf(Unavailable.class);
    assertThat(node.cached("pod-1")).isNull();
  }

  @Test
  void refusesAnAnswerThatIsForAnotherWorkload() {
    CompletionStage<CredentialOutcome> asked = node.ask("pod-1");

    node.brokers.answer(issued("pod-2", "AKIA2", NOW));

    assertThat(now(asked)).isInstanceOf(Unavailable.class);
    assertThat(node.cached("pod-2")).isNull();
  }

  @Test
  void asksAgainUntilTheFlightsTimeIsOverWhileNoBrokerCanSay() {
    CompletionStage<CredentialOutcome> asked = node.ask("pod-1");

    node.brokers.answer(new CredentialReply.Unavailable("later", 0));
    node.timers.pass(Duration.ofMillis(99));
    assertThat(node.brokers.asked()).isEqualTo(1);
    node.timers.pass(Duration.ofMillis(1));
    assertThat(node.brokers.asked()).isEqualTo(2);
    node.brokers.answer(new CredentialReply.Unavailable("later", 0));
    node.timers.pass(Duration.ofMillis(200));
    node.brokers.answer(issued("pod-1", "AKIA1", NOW));

    assertThat(key(asked)).isEqualTo("AKIA1");
    assertThat(node.brokers.timeouts())
        .containsExactly(
            Duration.ofMillis(8_000), Duration.ofMillis(7_900), Duration.ofMillis(7_700));
  }

  @Test
  void givesUpWithinTheFlightsTimeAndRemembersNothingOfIt() {
    CompletionStage<CredentialOutcome> asked = node.ask("pod-1");
    while (!isOver(asked)) {
      node.brokers.answer(new CredentialReply.Unavailable("later", 0));
      node.timers.pass(Duration.ofSeconds(1));
    }

    assertThat(now(asked)).isEqualTo(new Unavailable("later"));
    assertThat(node.clock.instant()).isBefore(NOW.plusSeconds(9));
    assertThat(isOver(node.ask("pod-1"))).isFalse();
  }

  @Test
  void waitsAsLongAsABrokerAsksItTo() {
    node.ask("pod-1");

    node.brokers.answer(new CredentialReply.Unavailable("throttled", 3_000));

    node.timers.pass(Duration.ofMillis(2_999));
    assertThat(node.brokers.asked()).isEqualTo(1);
    node.timers.pass(Duration.ofMillis(1));
    assertThat(node.brokers.asked()).isEqualTo(2);
  }

  @Test
  void asksAgainWhenTheUpstreamItselfFails() {
    CompletionStage<CredentialOutcome> asked = node.ask("pod-1");

    node.brokers.fail(new IllegalStateException("a bug"));
    node.timers.pass(Duration.ofMillis(100));
    node.brokers.answer(issued("pod-1", "AKIA1", NOW));

    assertThat(key(asked)).isEqualTo("AKIA1");
  }

  @Test
  void letsNobodyWaitForAFlightThatCannotAskAgain() {
    CompletionStage<CredentialOutcome> asked = node.ask("pod-1");
    node.brokers.answer(new CredentialReply.Unavailable("later", 0));

    node.brokers.broken = true;
    node.timers.pass(Duration.ofMillis(100));

    assertThat(asked.toCompletableFuture()).isCompletedExceptionally();
    assertThat(node.flights.size()).isZero();
    assertThat(node.observer.flights).containsExactly(FlightResult.UNAVAILABLE);
  }

  @Test
  void discardsAnAnswerFromBeforeAChangeHoweverLateItArrives() {
    CompletionStage<CredentialOutcome> asked = node.ask("pod-1");

    node.changed(2, at(5));
    node.brokers.answer(issued("pod-1", 1, at(4), session("OLD", NOW, Duration.ofHours(1))));
    assertThat(isOver(asked)).isFalse();
    node.timers.pass(Duration.ofMillis(50));
    node.brokers.answer(issued("pod-1", 2, at(5), session("NEW", NOW, Duration.ofHours(1))));

    assertThat(key(asked)).isEqualTo("NEW");
    assertThat(node.observer.outdated).isEqualTo(1);
    assertThat(node.brokers.requests().getLast().minPosition()).isEqualTo(at(5));
  }
}
