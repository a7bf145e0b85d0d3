package io.claviger.edge.credential;

import static io.claviger.edge.credential.Samples.NOW;
import static io.claviger.edge.credential.Samples.at;
import static io.claviger.edge.credential.Samples.issued;
import static io.claviger.edge.credential.Samples.token;
import static io.claviger.edge.credential.Samples.verified;
import static io.claviger.edge.credential.TestNode.isOver;
import static io.claviger.edge.credential.TestNode.key;
import static io.claviger.edge.credential.TestNode.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.config.trust.TokenHash;
import io.claviger.edge.credential.CredentialOutcome.Refused;
import io.claviger.edge.workload.TokenCheck;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.RefusalReason;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UnprovenTokensTest {

  private final TestNode node = new TestNode();

  @Test
  void neverAnswersAnUnprovenTokenWithWhatIsCachedForThePodThatItNames() {
    node.has("pod-1", "AKIA1");

    CompletionStage<CredentialOutcome> forged = node.askUnproven("pod-1");
    assertThat(isOver(forged)).isFalse();
    node.brokers.answer(
        new CredentialReply.Refused(RefusalReason.INVALID_TOKEN, "forged", null, at(1)));

    assertThat(now(forged)).isInstanceOf(Refused.class);
    assertThat(node.cached("pod-1")).isEqualTo("AKIA1");
  }

  @Test
  void letsAnUnprovenTokenJoinNobodysFlightButItsOwn() {
    CompletionStage<CredentialOutcome> victim = node.ask("pod-1");
    CompletionStage<CredentialOutcome> forged = node.askUnproven("pod-1");
    CompletionStage<CredentialOutcome> again = node.askUnproven("pod-1");
    assertThat(node.brokers.asked()).isEqualTo(2);

    node.brokers.answer(issued("pod-1", "AKIA1", NOW));

    assertThat(key(victim)).isEqualTo("AKIA1");
    assertThat(isOver(forged)).isFalse();
    assertThat(isOver(again)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void plantsNoRefusalForAVictimByAnUnprovenToken(boolean brokerNamesTheVictim) {
    TokenHash other = TokenHash.of("forged");
    node.credentials.obtain(
        "forged", new TokenCheck.Unproven(other, "key-9"), TestNode.TIMES.flightDeadline());

    node.brokers.answer(
        new CredentialReply.Refused(
            RefusalReason.NO_ASSOCIATION,
            "no",
            brokerNamesTheVictim ? Samples.pod("pod-1") : null,
            at(1)));

    assertThat(isOver(node.ask("pod-1"))).isFalse();
  }

  @Test
  void trustsATokenThatABrokerHasProven() {
    CompletionStage<CredentialOutcome> asked = node.askUnproven("pod-1");

    node.brokers.answer(issued("pod-1", "AKIA1", NOW));

    assertThat(key(asked)).isEqualTo("AKIA1");
    assertThat(node.tokens.check(token("pod-1"))).isInstanceOf(TokenCheck.Verified.class);
    assertThat(node.refreshTokens.find(verified("pod-1").pod())).isNotNull();
  }

  @Test
  void printsNoToken() {
    assertThat(new Requester.Known(token("pod-1"), verified("pod-1")).toString())
        .doesNotContain("token");
    assertThat(
            new Requester.Unknown("secret", new TokenCheck.Unproven(TokenHash.of("secret"), null))
                .toString())
        .doesNotContain("secret");
    assertThat(new RefreshTokens.Presented("secret", verified("pod-1")).toString())
        .doesNotContain("secret");
  }
}
