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
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.RequestPriority;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RefreshAheadTest {

  private static final Duration HOUR = Duration.ofHours(1);

  /** When the refresh of the session with the key AKIA1 is due. */
  private static final Duration DUE = due("AKIA1", 0.5);

  private final TestNode node = new TestNode();

  @Test
  void asksForASessionAgainAtHalfOfItsLife() {
    node.has("pod-1", "AKIA1");

    node.sweepAfter(DUE.minusMillis(1));
    assertThat(node.brokers.asked()).isEqualTo(1);

    node.sweepAfter(Duration.ofMillis(1));
    assertThat(node.brokers.requests().getLast().priority()).isEqualTo(RequestPriority.ROUTINE);
    assertThat(node.cached("pod-1")).isEqualTo("AKIA1");

    node.brokers.answer(issued("pod-1", "AKIA2", node.clock.instant()));
    assertThat(node.cached("pod-1")).isEqualTo("AKIA2");
    assertThat(node.observer.refreshes).containsExactly(RefreshResult.REFRESHED);
  }

  @Test
  void letsTheSessionSayWhenItIsDueWithinATenthOfTheHalf() {
    List<Duration> due =
        IntStream.range(0, 1_000).mapToObj(number -> due("ASIA" + number * 7_919, 0)).toList();

    assertThat(due).allMatch(after -> after.compareTo(Duration.ofMinutes(27)) >= 0);
    assertThat(due).allMatch(after -> after.compareTo(Duration.ofMinutes(33)) <= 0);
    assertThat(due.stream().mapToLong(Duration::toSeconds).average().orElseThrow())
        .isBetween(1_790.0, 1_810.0);
    assertThat(due.stream().distinct().count()).isGreaterThan(900);
  }

  @Test
  void asksALittleLaterByChanceSoThatNodesDoNotAskAtOnce() {
    assertThat(due("AKIA1", 1).minus(due("AKIA1", 0))).isEqualTo(Duration.ofSeconds(36));
  }

  private static Duration due(String accessKeyId, double chance) {
    return Duration.between(
        NOW, TestNode.TIMES.refreshAt(session(accessKeyId, NOW, HOUR), NOW, () -> chance));
  }

  @Test
  void refreshesNoLongerWhatNobodyHasAskedForInAWholeLife() {
    node.has("pod-1", "AKIA1");
    node.sweepAfter(DUE);
    node.brokers.answer(issued("pod-1", "AKIA1", node.clock.instant()));

    node.sweepAfter(Duration.ofMinutes(68).minus(DUE));

    assertThat(node.brokers.asked()).isEqualTo(2);
    assertThat(node.cached("pod-1")).isEqualTo("AKIA1");
    node.sweepAfter(Duration.ofMinutes(1));
    assertThat(node.brokers.asked()).isEqualTo(3);
  }

  @Test
  void keepsNothingSuspectThatNobodyCanAskAbout() {
    Instant soon = NOW.plus(Duration.ofMinutes(5));
    node.credentials.obtain(
        token("pod-1"), verified("pod-1", soon), TestNode.TIMES.flightDeadline());
    node.brokers.answer(issued("pod-1", "AKIA1", NOW));
    node.timers.pass(Duration.ofMinutes(10));
    assertThat(node.cached("pod-1")).isEqualTo("AKIA1");

    node.sessions.suspect(node.cached.associations(), Duration.ZERO);
    node.refreshAhead.sweep();

    assertThat(node.cached("pod-1")).isNull();
    assertThat(node.brokers.asked()).isEqualTo(1);
  }

  @Test
  void asksOnceHoweverOftenItLooks() {
    node.has("pod-1", "AKIA1");

    node.sweepAfter(DUE);
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
    node.credentials.obtain(
        token("pod-2"), verified("pod-2", later), TestNode.TIMES.flightDeadline());
    node.refreshTokens.saw(token("pod-2"), verified("pod-2", later));

    node.sweepAfter(DUE);

    assertThat(node.brokers.requests().getLast().token()).isEqualTo(token("pod-2"));
  }

  @Test
  void doesNotRefreshForATokenThatHasExpired() {
    Instant soon = NOW.plus(Duration.ofMinutes(20));
    node.credentials.obtain(
        token("pod-1"), verified("pod-1", soon), TestNode.TIMES.flightDeadline());
    node.brokers.answer(issued("pod-1", "AKIA1", NOW));

    node.sweepAfter(DUE);

    assertThat(node.brokers.asked()).isEqualTo(1);
    assertThat(node.cached("pod-1")).isEqualTo("AKIA1");
  }

  @Test
  void servesTheOldSessionWhenTheRefreshFailsForARetryableReasonAndTriesAgain() {
    node.has("pod-1", "AKIA1");
    node.sweepAfter(DUE);

    node.brokers.answer(new CredentialReply.Unavailable("later", 0));

    assertThat(node.cached("pod-1")).isEqualTo("AKIA1");
    assertThat(node.observer.refreshes).containsExactly(RefreshResult.UNAVAILABLE);
    node.sweepAfter(Duration.ofSeconds(44));
    assertThat(node.brokers.asked()).isEqualTo(2);
    node.sweepAfter(Duration.ofSeconds(1));
    assertThat(node.brokers.asked()).isEqualTo(3);
  }

  @Test
  void triesAgainAlsoWhenTheUpstreamItselfFails() {
    node.has("pod-1", "AKIA1");
    node.sweepAfter(DUE);

    node.brokers.fail(new IllegalStateException("a bug"));

    assertThat(node.cached("pod-1")).isEqualTo("AKIA1");
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
    node.sweepAfter(DUE);

    node.brokers.answer(refused("pod-1", reason, at(2)));

    assertThat(node.cached("pod-1")).isNull();
    assertThat(node.observer.refreshes).containsExactly(RefreshResult.EVICTED);
    assertThat(node.refusals.find(verified("pod-1"))).isNull();
    assertThat(TestNode.isOver(node.ask("pod-1"))).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"ROLE_DENIED", "ROLE_MISCONFIGURED"})
  void servesASessionToItsEndWhoseRoleDeniesTheRefresh(RefusalReason reason) {
    node.has("pod-1", "AKIA1");
    node.sweepAfter(DUE);
    node.brokers.answer(refused("pod-1", reason, at(2)));
    assertThat(node.observer.refreshes).containsExactly(RefreshResult.REFUSED);

    node.sweepAfter(Duration.ofSeconds(29));
    assertThat(node.brokers.asked()).isEqualTo(2);
    node.sweepAfter(Duration.ofSeconds(31));
    assertThat(node.brokers.asked()).isEqualTo(3);
    node.timers.pass(Duration.ofMinutes(24));

    assertThat(node.cached("pod-1")).isEqualTo("AKIA1");
  }

  @Test
  void servesASessionUntilAMinuteBeforeItsEndAndDropsItThen() {
    node.has("pod-1", "AKIA1");

    node.timers.pass(Duration.ofMinutes(59).minusMillis(1));
    assertThat(node.cached("pod-1")).isEqualTo("AKIA1");
    node.sweepAfter(Duration.ofMillis(1));

    assertThat(node.cached("pod-1")).isNull();
    assertThat(node.sessions.size()).isZero();
    assertThat(node.observer.ended).isEqualTo(1);
  }

  @Test
  void asksSoonerWhenASessionEndsSoon() {
    node.has("pod-1", "AKIA1");

    node.sweepAfter(Duration.ofMinutes(46));

    assertThat(node.brokers.requests().getLast().priority()).isEqualTo(RequestPriority.NEAR_EXPIRY);
    assertThat(node.sessions.belowAlarm()).isEqualTo(1);
    assertThat(node.sessions.shortestRemaining()).isEqualTo(Duration.ofMinutes(14));
  }

  @Test
  void refreshesNoMoreAtATimeThanItMay() {
    TestNode narrow = new TestNode(1);
    narrow.has("pod-1", "AKIA1");
    narrow.ask("pod-9");
    narrow.sessions.store(
        issued("pod-2", TagScope.POD, 1, at(1), session("AKIA2", NOW, Duration.ofHours(1))));
    narrow.refreshTokens.saw(token("pod-2"), verified("pod-2"));

    narrow.sweepAfter(Duration.ofMinutes(34));
    assertThat(narrow.brokers.asked()).isEqualTo(2);
    narrow.brokers.answer(new CredentialReply.Unavailable("later", 0));
    narrow.refreshAhead.sweep();

    assertThat(narrow.brokers.asked()).isEqualTo(3);
  }

  @Test
  void doesNotServeWhatARefreshBringsFromBeforeAChange() {
    node.has("pod-1", "AKIA1");
    node.sweepAfter(DUE);

    node.changed(2, at(9));
    node.brokers.answer(
        issued("pod-1", 1, at(8), session("OLD", node.clock.instant(), Duration.ofHours(1))));

    assertThat(node.cached("pod-1")).isNull();
    assertThat(node.observer.flights).containsExactly(FlightResult.ISSUED);
  }
}
