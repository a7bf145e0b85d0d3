package io.claviger.edge.workload;

import static io.claviger.edge.workload.NodeTokens.NOW;
import static io.claviger.edge.workload.NodeTokens.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.config.trust.TokenHash;
import io.claviger.edge.workload.TokenCheck.Rejected;
import io.claviger.edge.workload.TokenCheck.Unproven;
import io.claviger.edge.workload.TokenCheck.Verified;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.bus.RefusalReason;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class WorkloadTokensTest {

  private static final TokenMint OTHER_KEY_OF_THAT_NAME = new TokenMint("key-1");
  private final NodeTokens node = new NodeTokens();

  @Test
  void provesWhoAsks() {
    String token = token().sign();

    TokenCheck check = node.tokens.check(token);

    assertThat(check)
        .isInstanceOfSatisfying(
            Verified.class,
            verified -> {
              assertThat(verified.token().hash()).isEqualTo(TokenHash.of(token));
              assertThat(verified.token().keyId()).isEqualTo("key-1");
              assertThat(verified.token().expiresAt()).isEqualTo(NOW.plus(Duration.ofHours(1)));
              assertThat(verified.token().pod()).isEqualTo(new Subject.Pod("pod-uid"));
              assertThat(verified.token().serviceAccount().key())
                  .isEqualTo(new AssociationKey("c1", "app1", "web"));
            });
  }

  /** Each token has every fault that is checked later than the one in its name. */
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
        Arguments.of(otherAudience.apply(token()).sign(), RefusalReason.WRONG_AUDIENCE, "audience"),
        Arguments.of(elsewhere.apply(token()).sign(), RefusalReason.WRONG_NODE, "another node"));
  }

  @ParameterizedTest(name = "{1}: {2}")
  @MethodSource("faults")
  void rejectsTheFirstFaultInTheOrderOfTheChecks(
      String token, RefusalReason reason, String message) {
    TokenCheck check = node.tokens.check(token);

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

    assertThat(node.tokens.check(token().notBefore(soon).issuedAt(soon).sign()))
        .isInstanceOf(Verified.class);
  }

  @Test
  void rejectsWhatBecomesValidInMoreThanAMinute() {
    Instant later = NOW.plusSeconds(61);

    assertThat(node.reasonOf(token().notBefore(later).sign()))
        .isEqualTo(RefusalReason.PREMATURE_TOKEN);
    assertThat(node.reasonOf(token().issuedAt(later).sign()))
        .isEqualTo(RefusalReason.PREMATURE_TOKEN);
  }

  @Test
  void takesATokenThatEndsNowAsExpired() {
    assertThat(node.reasonOf(token().expires(NOW).sign())).isEqualTo(RefusalReason.EXPIRED_TOKEN);
    assertThat(node.tokens.check(token().expires(NOW.plusSeconds(1)).sign()))
        .isInstanceOf(Verified.class);
  }

  @Test
  void remembersWhatItHasVerifiedForAQuarterOfAnHour() {
    String token = token().sign();
    node.tokens.check(token);

    node.clock.advance(Duration.ofMinutes(15).minusSeconds(1));
    assertThat(node.isRemembered(token)).isTrue();

    node.clock.advance(Duration.ofSeconds(1));
    assertThat(node.isRemembered(token)).isFalse();
  }

  @Test
  void doesNotBelieveARememberedTokenBeyondItsEnd() {
    String token = token().expires(NOW.plusSeconds(10)).sign();
    node.tokens.check(token);

    node.clock.advance(Duration.ofSeconds(10));

    assertThat(node.reasonOf(token)).isEqualTo(RefusalReason.EXPIRED_TOKEN);
  }

  @Test
  void forgetsTokensWhoseKeyHasLeftTheKeySet() {
    String token = token().sign();
    node.tokens.check(token);

    node.tokens.accept(new TokenMint("key-2").published(NOW.plusSeconds(1)));

    assertThat(node.tokens.check(token)).isEqualTo(new Unproven(TokenHash.of(token), "key-1"));
  }

  @Test
  void keepsTokensWhoseKeyStaysInTheKeySet() {
    String token = token().sign();
    node.tokens.check(token);

    node.tokens.accept(NodeTokens.MINT.published(NOW.plusSeconds(1)));

    assertThat(node.isRemembered(token)).isTrue();
  }

  @Test
  void rejectsTheTokensOfADeletedPodAndNoOthers() {
    String token = token().pod("uid-1").sign();
    assertThat(node.tokens.check(token)).isInstanceOf(Verified.class);

    node.tokens.deleted("uid-1");

    assertThat(node.reasonOf(token)).isEqualTo(RefusalReason.INVALID_TOKEN);
    String renewed = token().pod("uid-1").expires(NOW.plusSeconds(7)).sign();
    assertThat(node.reasonOf(renewed)).isEqualTo(RefusalReason.INVALID_TOKEN);
    assertThat(node.tokens.check(token().pod("uid-2").sign())).isInstanceOf(Verified.class);
  }

  /** A deleted node may have a successor of the same name. */
  @Test
  void believesNoTokenOfANodeThatHadTheNameBefore() {
    String before = token().nodeUid("uid-of-the-one-before").sign();
    String now = token().nodeUid("uid-of-this").sign();
    String ofNone = token().sign();
    assertThat(node.tokens.check(before)).isInstanceOf(Verified.class);

    node.tokens.servesNode("uid-of-this");

    assertThat(node.reasonOf(before)).isEqualTo(RefusalReason.WRONG_NODE);
    assertThat(node.tokens.check(now)).isInstanceOf(Verified.class);
    assertThat(node.tokens.check(ofNone)).isInstanceOf(Verified.class);
  }
}
