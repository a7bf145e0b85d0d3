package io.claviger.edge.credential;

import static io.claviger.edge.credential.Samples.NOW;
import static io.claviger.edge.credential.Samples.WEB;
import static io.claviger.edge.credential.Samples.at;
import static io.claviger.edge.credential.Samples.issued;
import static io.claviger.edge.credential.Samples.issuedTo;
import static io.claviger.edge.credential.Samples.session;
import static io.claviger.edge.credential.Samples.token;
import static io.claviger.edge.credential.Samples.verified;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.credential.SessionCache.Stored;
import io.claviger.edge.revocation.MinPositions;
import io.claviger.edge.workload.TestClock;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.SessionCredentials;
import java.time.Duration;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SessionCacheTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private final TestClock clock = new TestClock(NOW);
  private final SessionCache sessions = holding(100);

  private SessionCache holding(int size) {
    return new SessionCache(
        size, TestNode.TIMES, new MinPositions(100, clock), clock, () -> 0.5, new Journal<>(100));
  }

  @Test
  void neverReplacesASessionByAnOlderRevision() {
    sessions.store(issued("pod-1", 2, at(5), session("NEW", NOW, HOUR)));

    Stored stored = sessions.store(issued("pod-1", 1, at(4), session("OLD", NOW, HOUR)));

    assertThat(stored).isEqualTo(Stored.OUTDATED);
    assertThat(found("pod-1")).isEqualTo("NEW");
  }

  @Test
  void replacesASessionByANewerRevisionAlsoWhenThatEndsSooner() {
    sessions.store(issued("pod-1", 1, at(4), session("OLD", NOW, HOUR)));

    Stored stored =
        sessions.store(issued("pod-1", 2, at(5), session("NEW", NOW, HOUR.dividedBy(2))));

    assertThat(stored).isEqualTo(Stored.STORED);
    assertThat(found("pod-1")).isEqualTo("NEW");
  }

  @Test
  void keepsTheLongerLivedOfTwoSessionsOfOneRevision() {
    sessions.store(issued("pod-1", 1, at(4), session("LONG", NOW, HOUR)));

    Stored stored =
        sessions.store(issued("pod-1", 1, at(5), session("SHORT", NOW, HOUR.dividedBy(2))));

    assertThat(stored).isEqualTo(Stored.STORED);
    assertThat(found("pod-1")).isEqualTo("LONG");
  }

  @Test
  void dropsTheSharedSessionWhenTheTagScopeBecomesThePod() {
    sessions.store(issued("pod-1", 1, at(4), session("SHARED", NOW, HOUR)));

    sessions.store(issued("pod-1", TagScope.POD, 2, at(5), session("OWN", NOW, HOUR)));

    assertThat(found("pod-1")).isEqualTo("OWN");
    assertThat(found("pod-2")).isNull();
  }

  @Test
  void dropsPodsOwnSessionsWhenTheTagScopeBecomesTheServiceAccount() {
    sessions.store(issued("pod-1", TagScope.POD, 1, at(4), session("OWN", NOW, HOUR)));

    sessions.store(issued("pod-2", 2, at(5), session("SHARED", NOW, HOUR)));

    assertThat(found("pod-1")).isEqualTo("SHARED");
    assertThat(sessions.size()).isEqualTo(1);
  }

  @Test
  void forgetsWhatWasAnsweredBeforeAChange() {
    sessions.store(issued("pod-1", 1, at(4), session("OLD", NOW, HOUR)));

    sessions.forget(WEB, at(5), 2);

    assertThat(found("pod-1")).isNull();
  }

  @Test
  void keepsWhatWasAnsweredAtOrAfterAChange() {
    sessions.store(issued("pod-1", 2, at(5), session("NEW", NOW, HOUR)));

    sessions.forget(WEB, at(5), 3);

    assertThat(found("pod-1")).isEqualTo("NEW");
  }

  @Test
  void keepsTheRevisionThatIsInForceWhenSomethingElseOfTheAssociationWasEdited() {
    sessions.store(issued("pod-1", 1, at(4), session("SAME", NOW, HOUR)));

    sessions.forget(WEB, at(5), 1);

    assertThat(found("pod-1")).isEqualTo("SAME");
  }

  @Test
  void takesALaterEpochOfTheLogForNewer() {
    sessions.store(issued("pod-1", 8, at(900), session("OLD", NOW, HOUR)));

    sessions.forget(WEB, new Position(2, 1), 1);

    assertThat(found("pod-1")).isNull();
  }

  @Test
  void forgetsNoSessionThatHasReplacedTheOneThatIsMeant() {
    sessions.store(issued("pod-1", "AKIA1", NOW));
    CachedSession first = sessions.all().iterator().next();
    sessions.store(issued("pod-1", "AKIA2", NOW.plusSeconds(1)));

    sessions.forget(first);

    assertThat(found("pod-1")).isEqualTo("AKIA2");
  }

  @Test
  void neitherHoldsNorFindsWhatHasAMinuteLeft() {
    SessionCredentials minute = session("AKIA1", NOW, Duration.ofSeconds(60));
    SessionCredentials more = session("AKIA2", NOW, Duration.ofSeconds(61));

    assertThat(sessions.store(issued("pod-1", 1, at(1), minute))).isEqualTo(Stored.TOO_SHORT);
    assertThat(sessions.store(issued("pod-1", 1, at(1), more))).isEqualTo(Stored.STORED);
    assertThat(found("pod-1")).isEqualTo("AKIA2");
    clock.advance(Duration.ofSeconds(1));
    assertThat(found("pod-1")).isNull();
  }

  @Test
  void servesExpirationsToTheNanosecond() {
    SessionCredentials precise = session("AKIA1", NOW.plusNanos(123_456_789), HOUR);

    sessions.store(issued("pod-1", 1, at(1), precise));

    assertThat(sessions.find(verified("pod-1")))
        .extracting(CachedSession::credentials)
        .isEqualTo(precise);
  }

  @Test
  void forgetsAllThatPodsHaveOfAnAssociationHoweverManyWerePushedOut() {
    SessionCache small = holding(10);
    IntStream.range(0, 1_000).mapToObj(i -> ownSession("pod-" + i)).forEach(small::store);
    small.store(issued("pod-1", 2, at(3), session("SHARED", NOW, HOUR)));
    IntStream.range(0, 5).mapToObj(i -> ownSession("pod-" + i)).forEach(small::store);
    assertThat(small.size()).isPositive();

    small.forget(WEB, at(9), 3);

    assertThat(small.size()).isZero();
  }

  @Test
  void looksAtNoMoreWhenItHoldsMore() {
    assertThat(looksOfAnAnswer(1_000)).isEqualTo(looksOfAnAnswer(10)).isLessThan(10);
  }

  /** Counts the accesses for an answer and a change that concern one of so many sessions. */
  private long looksOfAnAnswer(int cached) {
    CountedMap counted = new CountedMap();
    SessionCache many =
        new SessionCache(
            2 * cached,
            TestNode.TIMES,
            new MinPositions(100, clock),
            clock,
            () -> 0.5,
            new Journal<>(100),
            counted::seenThrough);
    IntStream.range(0, cached).forEach(i -> many.store(issuedTo("sa-" + i, 1)));
    assertThat(many.size()).isEqualTo(cached);

    return counted.during(
        () -> {
          many.store(issuedTo("sa-7", 2));
          many.forget(key("sa-7"), at(9), 3);
          many.forgetRevision(key("sa-7"), "a-1", 2);
        });
  }

  @Test
  void isBounded() {
    SessionCache small = holding(10);

    IntStream.range(0, 1_000).mapToObj(i -> ownSession("pod-" + i)).forEach(small::store);

    assertThat(small.size()).isLessThanOrEqualTo(10);
  }

  @Test
  void keepsARefreshTokenForNoMorePodsThanItsSize() {
    RefreshTokens tokens = new RefreshTokens(10, clock);

    for (int i = 0; i < 1_000; i++) {
      tokens.saw(token("pod-" + i), verified("pod-" + i));
    }

    long kept =
        IntStream.range(0, 1_000)
            .filter(i -> tokens.find(verified("pod-" + i).pod()) != null)
            .count();
    assertThat(kept).isLessThanOrEqualTo(10);
  }

  private static AssociationKey key(String serviceAccount) {
    return new AssociationKey("c1", "app1", serviceAccount);
  }

  private static CredentialReply.Issued ownSession(String uid) {
    return issued(uid, TagScope.POD, 1, at(1), session("AKIA-" + uid, NOW, HOUR));
  }

  private @Nullable String found(String uid) {
    CachedSession found = sessions.find(verified(uid));
    return found == null ? null : found.credentials().accessKeyId();
  }
}
