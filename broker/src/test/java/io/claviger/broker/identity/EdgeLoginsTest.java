package io.claviger.broker.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.identity.EdgeLogins.EdgeLogin;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EdgeLoginsTest {

  private static final Instant START = Instant.parse("2026-05-01T10:00:00Z");
  private static final TokenMint MINT = new TokenMint("key-1");
  private static final TokenMint FORGER = new TokenMint("key-1");

  private final TestClock clock = new TestClock(START);
  private final EdgeLogins logins = logins(() -> CompletableFuture.completedStage(MINT.jwks()));

  private EdgeLogins logins(KeySource source) {
    IssuerKeys keys = new IssuerKeys(TestClusters.named("one"), source, clock, clock);
    return new EdgeLogins(new Issuers(List.of(keys)), Map.of(), clock);
  }

  private static TokenMint.Draft token(TokenMint mint) {
    return mint.token(TestClusters.issuer("one"), START)
        .audience(TestClusters.EDGE_AUDIENCE)
        .serviceAccount("kube-system", "edge");
  }

  private EdgeLogin login(String token) {
    return logins.login(token, () -> {}).toCompletableFuture().join();
  }

  private void isRejected(String token, String message) {
    assertThat(login(token))
        .isInstanceOfSatisfying(
            EdgeLogin.Rejected.class, rejected -> assertThat(rejected.message()).contains(message));
  }

  @Test
  void letAnEdgeInForTheNodeOfItsToken() {
    assertThat(login(token(MINT).node("node-7").sign()))
        .isEqualTo(new EdgeLogin.Accepted("one", "node-7", null, START.plus(Duration.ofHours(1))));
    assertThat(login(token(MINT).node("node-7").nodeUid("uid-7").sign()))
        .isEqualTo(
            new EdgeLogin.Accepted("one", "node-7", "uid-7", START.plus(Duration.ofHours(1))));
  }

  @Test
  void rejectAPodsToken() {
    isRejected(token(MINT).audience("pods.eks.amazonaws.com").sign(), "audience");
  }

  @Test
  void rejectAServiceAccountThatIsNotRegistered() {
    isRejected(
        token(MINT).serviceAccount("app1", "web").sign(), "app1/web is not registered for edges");
  }

  @Test
  void rejectTheNameOfAnEdgeInAnotherNamespace() {
    isRejected(token(MINT).serviceAccount("app1", "edge").sign(), "not registered for edges");
  }

  @Test
  void rejectAnExpiredToken() {
    clock.advance(Duration.ofHours(1));

    isRejected(token(MINT).sign(), "has expired");
  }

  @Test
  void rejectABadSignature() {
    isRejected(token(FORGER).sign(), "signature is wrong");
  }

  @Test
  void rejectATokenWithoutANode() {
    isRejected(token(MINT).node(null).sign(), "names no node");
  }

  @Test
  void rejectAnIssuerThatNobodyRegistered() {
    isRejected(MINT.token("https://stranger.test", START).sign(), "issuer that is registered");
  }

  @Test
  void rejectEverybodyWhileTheKeysCannotBeFetched() {
    EdgeLogins blind = logins(() -> CompletableFuture.failedStage(new IllegalStateException()));

    assertThat(blind.login(token(MINT).sign(), () -> {}).toCompletableFuture().join())
        .isEqualTo(new EdgeLogin.Rejected("keys of the issuer cannot be fetched now"));
  }
}
