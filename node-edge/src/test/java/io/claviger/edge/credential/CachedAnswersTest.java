package io.claviger.edge.credential;

import static io.claviger.edge.credential.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.Sync;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CachedAnswersTest {

  private final TestNode node = new TestNode();

  @Test
  void areAskedForAgainWithinTwoSecondsAndServedMeanwhile() {
    node.has("pod-1", "AKIA1");

    node.cached.verifyAgain(node.cached.associations());

    node.sweepAfter(Duration.ofMillis(999));
    assertThat(node.brokers.asked()).isEqualTo(1);
    node.sweepAfter(Duration.ofMillis(1));
    assertThat(node.brokers.asked()).isEqualTo(2);
    assertThat(node.cached("pod-1")).isEqualTo("AKIA1");
  }

  @Test
  void areAskedForAgainAtABoundedRateHoweverManyAreSuspect() {
    IntStream.range(0, 80)
        .forEach(number -> node.sessions.store(Samples.issuedTo("sa-" + number, 1)));

    node.cached.verifyAgain(node.cached.associations());

    assertThat(node.sessions.all())
        .hasSize(80)
        .allMatch(CachedSession::suspect)
        .allMatch(cached -> cached.refreshAt().equals(Samples.NOW.plusSeconds(2)));
  }

  @Test
  void areSuspectOnlyWhereTheirAssociationIs() {
    node.sessions.store(Samples.issuedTo("sa-1", 1));
    node.sessions.store(Samples.issuedTo("sa-2", 1));

    node.cached.verifyAgain(List.of(new AssociationKey("c1", "app1", "sa-2")));

    assertThat(node.sessions.all())
        .filteredOn(CachedSession::suspect)
        .extracting(cached -> cached.association().serviceAccount())
        .containsExactly("sa-2");
  }

  @Test
  void areNotedForTheBrokersOnceTheyAreKnown() {
    node.has("pod-1", "AKIA1");
    assertThat(node.newlyKnown.from(0)).contains(List.of(Samples.WEB));
    node.changed(0, at(2));

    node.ask("pod-1");
    node.brokers.answer(Samples.refused("pod-1", RefusalReason.NO_ASSOCIATION, at(2)));

    assertThat(node.newlyKnown.from(1)).contains(List.of(Samples.WEB));
  }

  @Test
  void areNotReportedOnceTheyAreForgottenOrExpired() {
    node.ask("pod-1");
    node.brokers.answer(Samples.refused("pod-1", RefusalReason.NO_ASSOCIATION, at(2)));
    assertThat(node.cached.associations()).containsExactly(Samples.WEB);

    node.timers.pass(Duration.ofSeconds(6));
    assertThat(node.cached.known(Samples.WEB)).isEmpty();
    node.changed(3, at(3));
    assertThat(node.cached.associations()).isEmpty();

    node.ask("pod-1");
    node.brokers.answer(Samples.refused("pod-1", RefusalReason.NO_ASSOCIATION, at(4)));
    node.changed(5, at(5));
    assertThat(node.cached.associations()).isEmpty();
  }

  @Test
  void thatWereRefusalsAreNotRememberedForLongerByWhatDoesNotConcernThem() {
    node.ask("pod-1");
    node.brokers.answer(Samples.refused("pod-1", RefusalReason.NO_ASSOCIATION, at(4)));

    node.timers.pass(Duration.ofSeconds(4));
    node.refusals.forget(Samples.WEB, at(3));
    node.timers.pass(Duration.ofSeconds(2));

    assertThat(node.cached.known(Samples.WEB)).isEmpty();
  }

  @Test
  void areForgottenWhenTheirAssociationIsRemoved() {
    node.has("pod-1", "AKIA1");

    node.changed(0, at(2));

    assertThat(node.cached("pod-1")).isNull();
  }

  @Test
  void areReportedOncePerAssociationTogetherWithRefusals() {
    node.has("pod-1", "AKIA1");
    node.ask("pod-2");
    node.changed(0, at(2));
    node.ask("pod-1");
    node.brokers.answer(Samples.refused("pod-1", RefusalReason.NO_ASSOCIATION, at(2)));

    assertThat(node.cached.known(Samples.WEB)).containsExactly(Sync.Known.refused(Samples.WEB));
    node.changed(3, at(3));
    node.has("pod-1", 3, at(3), "AKIA3");
    assertThat(node.cached.known(Samples.WEB))
        .containsExactly(new Sync.Known(Samples.WEB, "a-1", 3));
  }

  @Test
  void areForgottenWhenABrokerSaysThatTheirAssociationIsAnotherOne() {
    node.has("pod-1", "AKIA1");

    node.changes.apply(new Sync.Known(Samples.WEB, "a-1", 1), at(1));

    assertThat(node.cached("pod-1")).isNull();
  }

  @Test
  void ofAnotherRevisionThanABrokerWasSentAreKept() {
    node.has("pod-1", "AKIA1");
    node.has("pod-1", 2, at(5), "AKIA2");

    node.changes.apply(new Sync.Known(Samples.WEB, "a-1", 1), at(4));

    assertThat(node.cached("pod-1")).isEqualTo("AKIA2");
  }

  @Test
  void thatWereRefusalsAreForgottenWhenABrokerSaysThatThereIsAnAssociation() {
    CompletionStage<CredentialOutcome> refused = node.ask("pod-1");
    node.brokers.answer(Samples.refused("pod-1", RefusalReason.NO_ASSOCIATION, at(2)));
    assertThat(TestNode.now(refused)).isInstanceOf(CredentialOutcome.Refused.class);

    node.changes.apply(Sync.Known.refused(Samples.WEB), at(3));

    assertThat(TestNode.isOver(node.ask("pod-1"))).isFalse();
  }

  @Test
  void thatComeLateFromBeforeABrokersAnswerAreDiscarded() {
    CompletionStage<CredentialOutcome> asked = node.ask("pod-1");

    node.changes.apply(new Sync.Known(Samples.WEB, "a-1", 1), at(3));
    node.brokers.answer(Samples.issued("pod-1", "AKIA1", Samples.NOW));

    assertThat(TestNode.isOver(asked)).isFalse();
    assertThat(node.cached("pod-1")).isNull();
  }

  @Test
  void areNotServedWhileNoBrokerHasBeenThereForTooLong() {
    node.has("pod-1", "AKIA1");
    node.timers.pass(Duration.ofMinutes(5).plusMillis(1));

    CompletionStage<CredentialOutcome> asked = node.ask("pod-1");
    assertThat(TestNode.isOver(asked)).isFalse();

    node.staleness.confirmed();
    assertThat(TestNode.key(node.ask("pod-2"))).isEqualTo("AKIA1");
  }
}
