package io.claviger.edge.credential;

import static io.claviger.edge.credential.Samples.NOW;
import static io.claviger.edge.credential.Samples.issuedTo;
import static io.claviger.edge.credential.Samples.session;
import static io.claviger.edge.credential.Samples.token;
import static io.claviger.edge.credential.Samples.verified;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which sessions a search for due ones reads. */
final class DueSessionsTest {

  private static final Duration DUE =
      Duration.between(
          NOW,
          TestNode.TIMES.refreshAt(session("AKIA1", NOW, Duration.ofHours(1)), NOW, () -> 0.5));

  private final TestNode node = new TestNode();

  @ParameterizedTest
  @ValueSource(ints = {10, 1_000})
  void looksAtNothingThatIsNotDueHoweverMuchIsCached(int cached) {
    TestNode many = new TestNode(50, 2 * cached);
    many.has("pod-1", "AKIA1");
    many.timers.pass(Duration.ofMinutes(10));
    // Cached for ten minutes less than the one that is due.
    IntStream.range(0, cached)
        .forEach(
            number ->
                many.sessions.store(
                    issuedTo("sa-" + number, 1, "AKIA" + number, many.clock.instant())));

    assertThat(many.looks.during(many.refreshAhead::sweep)).isZero();
    many.timers.pass(DUE.minusMinutes(10));
    long looks = many.looks.during(many.refreshAhead::sweep);

    assertThat(many.brokers.asked()).isEqualTo(2);
    assertThat(looks).isLessThan(10);
  }

  @Test
  void refreshesWhatIsUsedAgainAfterNobodyHadAskedForIt() {
    node.has("pod-1", "AKIA1");
    Instant soon = NOW.plus(Duration.ofMinutes(20));
    node.refreshTokens.forgetIf(token -> true);
    node.refreshTokens.saw(token("pod-1"), verified("pod-1", soon));
    node.sweepAfter(DUE);
    assertThat(node.brokers.asked()).isEqualTo(1);

    node.refreshTokens.saw(token("pod-1"), verified("pod-1"));
    node.sweepAfter(Duration.ofSeconds(45));

    assertThat(node.brokers.asked()).isEqualTo(2);
  }

  @Test
  void dropsWhatHasEndedAlsoWhileNoMoreCanBeRefreshed() {
    TestNode narrow = new TestNode(0, 100);
    narrow.has("pod-1", "AKIA1");

    narrow.sweepAfter(Duration.ofMinutes(59));

    assertThat(narrow.sessions.size()).isZero();
    assertThat(narrow.brokers.asked()).isEqualTo(1);
  }

  @Test
  void forgetsNothingThatIsDueWhenASessionIsPushedOutOrReplaced() {
    TestNode small = new TestNode(50, 10);
    IntStream.range(0, 100)
        .forEach(
            number -> small.sessions.store(issuedTo("sa-" + number % 20, 1, "AKIA" + number, NOW)));

    assertThat(small.sessions.soonestDue())
        .containsExactlyInAnyOrderElementsOf(small.sessions.all());
    assertThat(small.sessions.soonestEnding())
        .containsExactlyInAnyOrderElementsOf(small.sessions.all());
    small.sweepAfter(Duration.ofMinutes(59));
    assertThat(small.sessions.size()).isZero();
    assertThat(small.sessions.soonestDue()).isEmpty();
    assertThat(small.sessions.soonestEnding()).isEmpty();
  }
}
