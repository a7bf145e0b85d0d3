package io.claviger.edge.credential;

import static io.claviger.edge.credential.Samples.NOW;
import static io.claviger.edge.credential.Samples.at;
import static io.claviger.edge.credential.Samples.issued;
import static io.claviger.edge.credential.Samples.refused;
import static io.claviger.edge.credential.Samples.session;
import static io.claviger.edge.credential.Samples.token;
import static io.claviger.edge.credential.Samples.verified;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.credential.CredentialObserver.FlightResult;
import io.claviger.edge.credential.CredentialObserver.RefreshResult;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.Lane;
import io.claviger.schemas.bus.RefusalReason;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class RefreshAheadTest {

  private static final Duration HALF = Duration.ofMinutes(30);

  private final TestNode node = new TestNode();

  @Test
  void asksForASessionAgainAtHalfOfItsLife() {
    node.has("pod-1", "AKIA1");

    node.sweepAfter(HALF.minusMillis(1));
    assertThat(node.brokers.asked()).isEqualTo(1);

    node.sweepAfter(Duration.ofMillis(1));
    assertThat(node.brokers.requests().getLast().lane()).isEqualTo(Lane.ROUTINE);
    assertThat(node.held("pod-1")).isEqualTo("AKIA1");

    node.brokers.answer(issued("pod-1", "AKIA2", node.clock.instant()));
    assertThat(node.held("pod-1")).isEqualTo("AKIA2");
    assertThat(node.observer.refreshes).containsExactly(RefreshResult.REFRESHED);
  }

  @ParameterizedTest
  @CsvSource({"0.0, PT27M", "0.5, PT30M", "1.0, PT33M"})
  void spreadsThatByATenth(double random, Duration after) {
    node.random = random;
    node.has("pod-1", "AKIA1");

    node.sweepAfter(after.minusMillis(1));
    assertThat(node.brokers.asked()).isEqualTo(1);
    node.sweepAfter(Duration.ofMillis(1));
    assertThat(node.brokers.asked()).isEqualTo(2);
  }

  @Test
  void asksOnceHoweverOftenItLooks() {
    node.has("pod-1", "AKIA1");

    node.sweepAfter(HALF);
    node.sweepAfter(Duration.ofMillis(200));
    node.sweepAfter(Duration.ofMillis(200));
    node.brokers.answer(issued("pod-1", "AKIA2", node.clock.instant()));

    assertThat(node.brokers.asked()).isEqualTo(2);
    assertThat(node.observer.refreshes).containsExactly(RefreshResult.REFRESHED);
  }

  @Test
  void refreshesASharedSessionWithTheTokenThatLivesLongest() {
    node.has("pod-1", "AKIA1");
    Instant later = NOW.plus(Duration.ofHours(3));
    node.credentials.obtain(token("pod-2"), verified("pod-2", later));
    node.refreshTokens.saw(token("pod-2"), verified("pod-2", later));

    node.sweepAfter(HALF);

    assertThat(node.brokers.requests().getLast().token()).isEqualTo(token("pod-2"));
  }

  @Test
  void doesNotRefreshForATokenThatHasExpired() {
    Instant soon = NOW.plus(Duration.ofMinutes(20));
    node.credentials.obtain(token("pod-1"), verified("pod-1", soon));
    node.brokers.answer(issued("pod-1", "AKIA1", NOW));

    node.sweepAfter(HALF);

    assertThat(node.brokers.asked()).isEqualTo(1);
    assertThat(node.held("pod-1")).isEqualTo("AKIA1");
  }

  @Test
  void servesTheOldSessionWhenTheRefreshFailsForAPassingReasonAndTriesAgain() {
    node.has("pod-1", "AKIA1");
    node.sweepAfter(HALF);

    node.brokers.answer(new CredentialReply.Unavailable("later", 0));

    assertThat(node.held("pod-1")).isEqualTo("AKIA1");
    assertThat(node.observer.refreshes).containsExactly(RefreshResult.UNAVAILABLE);
    node.sweepAfter(Duration.ofSeconds(44));
    assertThat(node.brokers.asked()).isEqualTo(2);
    node.sweepAfter(Duration.ofSeconds(1));
    assertThat(node.brokers.asked()).isEqualTo(3);
  }

  @Test
  void triesAgainAlsoWhenTheUpstreamItselfFails() {
    node.has("pod-1", "AKIA1");
    node.sweepAfter(HALF);

    node.brokers.fail(new IllegalStateException("a bug"));

    assertThat(node.held("pod-1")).isEqualTo("AKIA1");
    node.sweepAfter(Duration.ofSeconds(60));
    assertThat(node.brokers.asked()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "NO_ASSOCIATION",
        "NOT_GRANTED",
        "ROLE_REVOKED",
        "POD_REVOKED",
        "INVALID_TOKEN",
        "EXPIRED_TOKEN",
        "WRONG_NODE"
      })
  void evictsASessionWhoseAssociationIsGoneOrWhoseIdentityIsRefused(RefusalReason reason) {
    node.has("pod-1", "AKIA1");
    node.sweepAfter(HALF);

    node.brokers.answer(refused("pod-1", reason, at(2)));

    assertThat(node.held("pod-1")).isNull();
    assertThat(node.observer.refreshes).containsExactly(RefreshResult.EVICTED);
    assertThat(node.refusals.find(verified("pod-1"))).isNull();
    assertThat(TestNode.isOver(node.ask("pod-1"))).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"ROLE_DENIED", "ROLE_MISCONFIGURED"})
  void servesASessionToItsEndWhoseRoleDeniesTheRefresh(RefusalReason reason) {
    node.has("pod-1", "AKIA1");
    node.sweepAfter(HALF);
    node.brokers.answer(refused("pod-1", reason, at(2)));
    assertThat(node.observer.refreshes).containsExactly(RefreshResult.REFUSED);

    node.sweepAfter(Duration.ofSeconds(29));
    assertThat(node.brokers.asked()).isEqualTo(2);
    node.sweepAfter(Duration.ofSeconds(31));
    assertThat(node.brokers.asked()).isEqualTo(3);
    node.timers.pass(Duration.ofMinutes(27));

    assertThat(node.held("pod-1")).isEqualTo("AKIA1");
  }

  @Test
  void servesASessionUntilAMinuteBeforeItsEndAndDropsItThen() {
    node.has("pod-1", "AKIA1");

    node.timers.pass(Duration.ofMinutes(59).minusMillis(1));
    assertThat(node.held("pod-1")).isEqualTo("AKIA1");
    node.sweepAfter(Duration.ofMillis(1));

    assertThat(node.held("pod-1")).isNull();
    assertThat(node.sessions.size()).isZero();
    assertThat(node.observer.ended).isEqualTo(1);
  }

  @Test
  void hurriesWhenASessionEndsSoon() {
    node.has("pod-1", "AKIA1");

    node.sweepAfter(Duration.ofMinutes(46));

    assertThat(node.brokers.requests().getLast().lane()).isEqualTo(Lane.NEAR_EXPIRY);
    assertThat(node.sessions.belowAlarm()).isEqualTo(1);
    assertThat(node.sessions.shortestRemaining()).isEqualTo(Duration.ofMinutes(14));
  }

  @Test
  void refreshesNoMoreAtATimeThanItMay() {
    TestNode narrow = new TestNode(1);
    narrow.has("pod-1", "AKIA1");
    narrow.ask("pod-9");
    narrow.sessions.hold(
        issued("pod-2", TagScope.POD, 1, at(1), session("AKIA2", NOW, Duration.ofHours(1))));
    narrow.refreshTokens.saw(token("pod-2"), verified("pod-2"));

    narrow.sweepAfter(HALF);
    assertThat(narrow.brokers.asked()).isEqualTo(2);
    narrow.brokers.answer(new CredentialReply.Unavailable("later", 0));
    narrow.refreshAhead.sweep();

    assertThat(narrow.brokers.asked()).isEqualTo(3);
  }

  @Test
  void doesNotHandOutWhatARefreshBringsFromBeforeAMove() {
    node.has("pod-1", "AKIA1");
    node.sweepAfter(HALF);

    node.moved(2, at(9));
    node.brokers.answer(
        issued("pod-1", 1, at(8), session("OLD", node.clock.instant(), Duration.ofHours(1))));

    assertThat(node.held("pod-1")).isNull();
    assertThat(node.observer.flights).containsExactly(FlightResult.ISSUED);
  }
}
