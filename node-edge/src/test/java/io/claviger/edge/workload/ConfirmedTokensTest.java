package io.claviger.edge.workload;

import static io.claviger.edge.workload.NodeTokens.NOW;
import static io.claviger.edge.workload.NodeTokens.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.config.trust.TokenHash;
import io.claviger.edge.workload.TokenCheck.Rejected;
import io.claviger.edge.workload.TokenCheck.Unproven;
import io.claviger.edge.workload.TokenCheck.Verified;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that a node cannot verify, until a broker confirms them. */
final class ConfirmedTokensTest {

  private final NodeTokens node = new NodeTokens();

  @ParameterizedTest
  @ValueSource(strings = {"https://c1.test", "https://somebody.else"})
  void leavesEveryTokenToABrokerWhileItHasNoKeys(String issuer) {
    WorkloadTokens withoutKeys = NodeTokens.withoutKeys(node.clock);
    String token = token().issuer(issuer).node("node-2").sign();

    assertThat(withoutKeys.check(token)).isEqualTo(new Unproven(TokenHash.of(token), "key-1"));
  }

  @Test
  void rejectsWhatNoKeyCouldMakeRightAlsoWhileItHasNoKeys() {
    WorkloadTokens withoutKeys = NodeTokens.withoutKeys(node.clock);

    assertThat(withoutKeys.check("x"))
        .extracting(check -> ((Rejected) check).reason())
        .isEqualTo(RefusalReason.INVALID_TOKEN);
    assertThat(withoutKeys.check(token().expires(NOW).sign()))
        .extracting(check -> ((Rejected) check).reason())
        .isEqualTo(RefusalReason.EXPIRED_TOKEN);
  }

  @Test
  void leavesATokenThatNamesNoNodeToABroker() {
    String token = token().node(null).sign();

    assertThat(node.tokens.check(token)).isEqualTo(new Unproven(TokenHash.of(token), "key-1"));
  }

  @Test
  void believesABrokerOverATokenThatItCannotProveItself() {
    String token = token().node(null).sign();
    Unproven unproven = (Unproven) node.tokens.check(token);
    VerifiedToken proven = node.verified(token().sign());

    node.tokens.confirm(unproven, proven.workload(), NOW.plusSeconds(100));

    assertThat(node.tokens.check(token))
        .isInstanceOfSatisfying(
            Verified.class,
            verified -> assertThat(verified.token().workload()).isEqualTo(proven.workload()));
  }

  @Test
  void believesABrokerNoLongerThanTheTokenLives() {
    String token = token().node(null).expires(NOW.plusSeconds(10)).sign();
    Unproven unproven = (Unproven) node.tokens.check(token);
    VerifiedToken proven = node.verified(token().sign());
    node.tokens.confirm(unproven, proven.workload(), NOW.plusSeconds(10));

    node.clock.advance(Duration.ofSeconds(10));

    assertThat(node.reasonOf(token)).isEqualTo(RefusalReason.EXPIRED_TOKEN);
  }

  @Test
  void leavesATokenThatABrokerHasRefusedToBrokersUntilOneTakesIt() {
    String token = token().sign();
    VerifiedToken verified = node.verified(token);

    node.tokens.suspect(TokenHash.of(token));
    Unproven unproven = (Unproven) node.tokens.check(token);
    assertThat(unproven.hash()).isEqualTo(verified.hash());

    node.tokens.confirm(unproven, verified.workload(), verified.expiresAt());
    assertThat(node.tokens.check(token)).isInstanceOf(Verified.class);
    node.clock.advance(Duration.ofMinutes(20));
    assertThat(node.isRemembered(token)).isFalse();
  }

  @Test
  void remembersNothingThatABrokerSaysOfADeletedPod() {
    String token = token().pod("uid-1").node(null).sign();
    Unproven unproven = (Unproven) node.tokens.check(token);
    node.tokens.deleted("uid-1");

    node.tokens.confirm(
        unproven,
        new WorkloadIdentity("c1", "app1", "web", "web-0", "uid-1", TokenMint.NODE),
        NOW.plusSeconds(100));

    assertThat(node.reasonOf(token)).isEqualTo(RefusalReason.INVALID_TOKEN);
  }
}
