package io.claviger.edge.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** How long brokers are tried: while a requester waits. */
final class FlightDeadlinesTest {

  private final TestNode node = new TestNode();

  private CompletionStage<CredentialOutcome> ask() {
    return node.credentials
        .obtain(Samples.token("pod-1"), Samples.verified("pod-1"), Duration.ofMillis(900))
        .thenApply(CredentialOutcome.class::cast);
  }

  private List<Long> waits() {
    return node.brokers.requests().stream().map(CredentialRequest::waitMillis).toList();
  }

  @Test
  void flightThatNobodyWaitsForAnyMoreEndsAndALateAnswerIsCached() {
    CompletionStage<CredentialOutcome> asked = ask();

    node.timers.pass(Duration.ofMillis(1_199));
    assertThat(TestNode.isOver(asked)).isFalse();
    node.timers.pass(Duration.ofMillis(1));

    assertThat(TestNode.now(asked)).isInstanceOf(CredentialOutcome.Unavailable.class);
    assertThat(node.flights.size()).isZero();
    assertThat(waits()).containsExactly(1_200L);
    assertThat(node.brokers.timeouts()).containsExactly(Duration.ofMillis(3_200));
    node.brokers.answer(Samples.issued("pod-1", "AKIA1", node.clock.instant()));
    assertThat(node.cached("pod-1")).isEqualTo("AKIA1");
    node.timers.pass(Duration.ofSeconds(10));
    assertThat(waits()).hasSize(1);
  }

  @Test
  void whoJoinsRenewsTheDeadlineAndIsGivenTheAnswerToTheFirstRequest() {
    CompletionStage<CredentialOutcome> asked = ask();
    node.timers.pass(Duration.ofMillis(900));
    CompletionStage<CredentialOutcome> again = ask();
    assertThat(waits()).hasSize(1);

    node.timers.pass(Duration.ofMillis(300));
    assertThat(waits()).containsExactly(1_200L, 900L);
    assertThat(node.brokers.otherFirsts()).containsExactly(false, true);
    node.brokers.answer(Samples.issued("pod-1", "AKIA1", node.clock.instant()));

    assertThat(TestNode.key(asked)).isEqualTo("AKIA1");
    assertThat(TestNode.key(again)).isEqualTo("AKIA1");
    node.timers.pass(Duration.ofSeconds(10));
    assertThat(waits()).hasSize(2);
  }

  @Test
  void brokerThatHasNoTimeIsNotAskedAgainForNobody() {
    CompletionStage<CredentialOutcome> asked = ask();

    node.brokers.answer(new CredentialReply.Unavailable("too much to do", 1_500));

    assertThat(TestNode.now(asked)).isEqualTo(new CredentialOutcome.Unavailable("too much to do"));
    node.timers.pass(Duration.ofSeconds(10));
    assertThat(waits()).hasSize(1);
  }

  @Test
  void refreshIsWaitedForAsLongAsAFlightTakes() {
    node.has("pod-1", "AKIA1");

    node.sweepAfter(Duration.ofMinutes(40));

    assertThat(waits().getLast()).isEqualTo(8_000L);
  }
}
