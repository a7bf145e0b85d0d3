package io.claviger.edge.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.config.trust.TokenHash;
import io.claviger.edge.workload.TokenCheck.Rejected;
import io.claviger.edge.workload.TokenCheck.Unproven;
import io.claviger.edge.workload.TokenCheck.Verified;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkloadTokensTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final TokenMint MINT = new TokenMint("key-1");
  private static final TokenMint OTHER_KEY_OF_THAT_NAME = new TokenMint("key-1");

  private final TestClock clock = new TestClock(NOW);
  private final ClusterKeys keys = new ClusterKeys(clock);
  private final WorkloadTokens tokens =
      new WorkloadTokens(
          TokenMint.NODE, keys, new TokenMemory(100, Duration.ofMinutes(15), clock, clock), clock);

  @BeforeEach
  void haveKeys() {
    tokens.accept(MINT.published(NOW));
  }

  @Test
  void provesWhoAsks() {
    String token = MINT.token(NOW).sign();

    TokenCheck check = tokens.check(token);

    assertThat(check)
        .isInstanceOfSatisfying(
            Verified.class,
            verified -> {
              assertThat(verified.fresh()).isTrue();
              assertThat(verified.token().hash()).isEqualTo(TokenHash.of(token));
              assertThat(verified.token().keyId()).isEqualTo("key-1");
              assertThat(verified.token().expiresAt()).isEqualTo(NOW.plus(Duration.ofHours(1)));
              assertThat(verified.token().pod()).isEqualTo(new Subject.Pod("pod-uid"));
              assertThat(verified.token().serviceAccount().key())
                  .isEqualTo(new AssociationKey("c1", "app1", "web"));
            });
  }

  /** Each token has every fault that is checked later than the one that is named. */
  static Stream<Arguments> faults() {
    Instant past = NOW.minusSeconds(1);
    Instant future = NOW.plus(Duration.ofHours(1));
    TokenMint forger = OTHER_KEY_OF_THAT_NAME;
    UnaryOperator<TokenMint.Draft> elsewhere = draft -> draft.node("node-2");
    UnaryOperator<TokenMint.Draft> otherAudience =
        draft -> elsewhere.apply(draft.audience("kubernetes"));
    return Stream.of(
        Arguments.of("not.a.token", RefusalReason.INVALID_TOKEN, "not a signed JWT"),
        Arguments.of(
            otherAudience.apply(forger.token(NOW).expires(past).notBefore(future)).sign(),
            RefusalReason.EXPIRED_TOKEN,
            "expired"),
        Arguments.of(
            otherAudience.apply(forger.token(NOW).notBefore(future).issuer("https://x")).sign(),
            RefusalReason.PREMATURE_TOKEN,
            "not valid yet"),
        Arguments.of(
            otherAudience.apply(forger.token(NOW).issuer("https://x")).sign(),
            RefusalReason.INVALID_TOKEN,
            "issuer"),
        Arguments.of(
            otherAudience.apply(forger.token(NOW)).sign(),
            RefusalReason.INVALID_TOKEN,
            "signature"),
        Arguments.of(
            otherAudience.apply(MINT.token(NOW)).sign(), RefusalReason.WRONG_AUDIENCE, "audience"),
        Arguments.of(
            elsewhere.apply(MINT.token(NOW)).sign(), RefusalReason.WRONG_NODE, "another node"));
  }

  @ParameterizedTest(name = "{1}: {2}")
  @MethodSource("faults")
  void rejectsTheFirstFaultInTheOrderOfTheChecks(
      String token, RefusalReason reason, String message) {
    TokenCheck check = tokens.check(token);

    assertThat(check)
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(reason);
              assertThat(rejected.message()).contains(message).doesNotContain(token);
            });
  }

  @Test
  void bearsAMinuteOfANodesClockBeingBehind() {
    Instant soon = NOW.plusSeconds(60);

    assertThat(tokens.check(MINT.token(NOW).notBefore(soon).issuedAt(soon).sign()))
        .isInstanceOf(Verified.class);
  }

  @Test
  void rejectsWhatBecomesValidInMoreThanAMinute() {
    Instant later = NOW.plusSeconds(61);

    assertThat(reasonOf(MINT.token(NOW).notBefore(later).sign()))
        .isEqualTo(RefusalReason.PREMATURE_TOKEN);
    assertThat(reasonOf(MINT.token(NOW).issuedAt(later).sign()))
        .isEqualTo(RefusalReason.PREMATURE_TOKEN);
  }

  @Test
  void takesATokenThatEndsNowAsExpired() {
    assertThat(reasonOf(MINT.token(NOW).expires(NOW).sign()))
        .isEqualTo(RefusalReason.EXPIRED_TOKEN);
    assertThat(tokens.check(MINT.token(NOW).expires(NOW.plusSeconds(1)).sign()))
        .isInstanceOf(Verified.class);
  }

  @Test
  void remembersWhatItHasVerifiedForAQuarterOfAnHour() {
    String token = MINT.token(NOW).sign();
    tokens.check(token);

    clock.advance(Duration.ofMinutes(15).minusSeconds(1));
    assertThat(isFresh(token)).isFalse();

    clock.advance(Duration.ofSeconds(1));
    assertThat(isFresh(token)).isTrue();
  }

  @Test
  void doesNotBelieveARememberedTokenBeyondItsEnd() {
    String token = MINT.token(NOW).expires(NOW.plusSeconds(10)).sign();
    tokens.check(token);

    clock.advance(Duration.ofSeconds(10));

    assertThat(reasonOf(token)).isEqualTo(RefusalReason.EXPIRED_TOKEN);
  }

  @Test
  void forgetsTokensWhoseKeyHasLeftTheKeySet() {
    String token = MINT.token(NOW).sign();
    tokens.check(token);

    tokens.accept(new TokenMint("key-2").published(NOW.plusSeconds(1)));

    assertThat(tokens.check(token)).isEqualTo(new Unproven(TokenHash.of(token), "key-1"));
  }

  @Test
  void keepsTokensWhoseKeyStaysInTheKeySet() {
    String token = MINT.token(NOW).sign();
    tokens.check(token);

    tokens.accept(MINT.published(NOW.plusSeconds(1)));

    assertThat(isFresh(token)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://c1.test", "https://somebody.else"})
  void leavesEveryTokenToABrokerWhileItHasNoKeys(String issuer) {
    WorkloadTokens withoutKeys = withoutKeys();
    String token = MINT.token(NOW).issuer(issuer).node("node-2").sign();

    assertThat(withoutKeys.check(token)).isEqualTo(new Unproven(TokenHash.of(token), "key-1"));
  }

  @Test
  void rejectsWhatNoKeyCouldMakeRightAlsoWhileItHasNoKeys() {
    WorkloadTokens withoutKeys = withoutKeys();

    assertThat(withoutKeys.check("x"))
        .extracting(check -> ((Rejected) check).reason())
        .isEqualTo(RefusalReason.INVALID_TOKEN);
    assertThat(withoutKeys.check(MINT.token(NOW).expires(NOW).sign()))
        .extracting(check -> ((Rejected) check).reason())
        .isEqualTo(RefusalReason.EXPIRED_TOKEN);
  }

  @Test
  void leavesATokenThatNamesNoNodeToABroker() {
    String token = MINT.token(NOW).node(null).sign();

    assertThat(tokens.check(token)).isEqualTo(new Unproven(TokenHash.of(token), "key-1"));
  }

  @Test
  void believesABrokerOverATokenThatItCannotProveItself() {
    String token = MINT.token(NOW).node(null).sign();
    Unproven unproven = (Unproven) tokens.check(token);
    VerifiedToken proven = ((Verified) tokens.check(MINT.token(NOW).sign())).token();

    tokens.confirm(unproven, proven.workload(), NOW.plusSeconds(100));

    assertThat(tokens.check(token))
        .isInstanceOfSatisfying(
            Verified.class,
            verified -> assertThat(verified.token().workload()).isEqualTo(proven.workload()));
  }

  @Test
  void believesABrokerNoLongerThanTheTokenLives() {
    String token = MINT.token(NOW).node(null).expires(NOW.plusSeconds(10)).sign();
    Unproven unproven = (Unproven) tokens.check(token);
    VerifiedToken proven = ((Verified) tokens.check(MINT.token(NOW).sign())).token();
    tokens.confirm(unproven, proven.workload(), NOW.plusSeconds(10));

    clock.advance(Duration.ofSeconds(10));

    assertThat(reasonOf(token)).isEqualTo(RefusalReason.EXPIRED_TOKEN);
  }

  @Test
  void leavesATokenThatABrokerHasRefusedToBrokersUntilOneTakesIt() {
    String token = MINT.token(NOW).sign();
    VerifiedToken verified = ((Verified) tokens.check(token)).token();

    tokens.suspect(TokenHash.of(token));
    Unproven unproven = (Unproven) tokens.check(token);
    assertThat(unproven.hash()).isEqualTo(verified.hash());

    tokens.confirm(unproven, verified.workload(), verified.expiresAt());
    assertThat(tokens.check(token)).isInstanceOf(Verified.class);
    clock.advance(Duration.ofMinutes(20));
    assertThat(isFresh(token)).isTrue();
  }

  @Test
  void rejectsTheTokensOfADeletedPodAndNoOthers() {
    String token = MINT.token(NOW).pod("uid-1").sign();
    assertThat(tokens.check(token)).isInstanceOf(Verified.class);

    tokens.deleted("uid-1");

    assertThat(reasonOf(token)).isEqualTo(RefusalReason.INVALID_TOKEN);
    String renewed = MINT.token(NOW).pod("uid-1").expires(NOW.plusSeconds(7)).sign();
    assertThat(reasonOf(renewed)).isEqualTo(RefusalReason.INVALID_TOKEN);
    assertThat(tokens.check(MINT.token(NOW).pod("uid-2").sign())).isInstanceOf(Verified.class);
  }

  @Test
  void remembersNothingThatABrokerSaysOfADeletedPod() {
    String token = MINT.token(NOW).pod("uid-1").node(null).sign();
    Unproven unproven = (Unproven) tokens.check(token);
    tokens.deleted("uid-1");

    tokens.confirm(
        unproven,
        new WorkloadIdentity("c1", "app1", "web", "web-0", "uid-1", TokenMint.NODE),
        NOW.plusSeconds(100));

    assertThat(reasonOf(token)).isEqualTo(RefusalReason.INVALID_TOKEN);
  }

  /** A node that was deleted may have a successor of its name. */
  @Test
  void believesNoTokenOfANodeThatHadTheNameBefore() {
    String before = MINT.token(NOW).nodeUid("uid-of-the-one-before").sign();
    String now = MINT.token(NOW).nodeUid("uid-of-this").sign();
    String ofNone = MINT.token(NOW).sign();
    assertThat(tokens.check(before)).isInstanceOf(Verified.class);

    tokens.servesNode("uid-of-this");

    assertThat(reasonOf(before)).isEqualTo(RefusalReason.WRONG_NODE);
    assertThat(tokens.check(now)).isInstanceOf(Verified.class);
    assertThat(tokens.check(ofNone)).isInstanceOf(Verified.class);
  }

  private WorkloadTokens withoutKeys() {
    return new WorkloadTokens(
        TokenMint.NODE,
        new ClusterKeys(clock),
        new TokenMemory(100, Duration.ofMinutes(15), clock, clock),
        clock);
  }

  private RefusalReason reasonOf(String token) {
    return ((Rejected) tokens.check(token)).reason();
  }

  private boolean isFresh(String token) {
    return ((Verified) tokens.check(token)).fresh();
  }
}
