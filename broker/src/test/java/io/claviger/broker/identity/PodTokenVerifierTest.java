package io.claviger.broker.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.identity.TokenVerifier.Caller;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.RequestPriority;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PodTokenVerifierTest {

  private static final Instant START = Instant.parse("2026-05-01T10:00:00Z");
  private static final TokenMint MINT = new TokenMint("key-1");
  private static final TokenMint NEXT = new TokenMint("key-2");
  private static final Caller CALLER = new Caller("one", "node-1");

  private final TestClock clock = new TestClock(START);
  private final AtomicInteger fetches = new AtomicInteger();
  private CompletionStage<String> published = CompletableFuture.completedStage(MINT.jwks());
  private final IssuerKeys one = keys(TestClusters.named("one"), this::fetch);
  private final IssuerKeys two =
      keys(TestClusters.named("two"), () -> CompletableFuture.completedStage(NEXT.jwks()));
  private final PodTokenVerifier verifier =
      new PodTokenVerifier(new Issuers(List.of(one, two)), 1000, clock, clock);

  private IssuerKeys keys(RegisteredCluster cluster, KeySource source) {
    IssuerKeys keys = new IssuerKeys(cluster, source, clock, clock);
    keys.refresh();
    return keys;
  }

  private CompletionStage<String> fetch() {
    fetches.incrementAndGet();
    return published;
  }

  private TokenMint.Draft token() {
    return MINT.token(TestClusters.issuer("one"), clock.instant());
  }

  private TokenVerification verify(String token) {
    return verify(token, CALLER);
  }

  private TokenVerification verify(String token, Caller caller) {
    return verifier.verify(token, caller, RequestPriority.FIRST).toCompletableFuture().join();
  }

  private void isRefused(String token, RefusalReason reason, String message) {
    assertThat(verify(token))
        .isInstanceOfSatisfying(
            TokenVerification.Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(reason);
              assertThat(rejected.message()).contains(message);
            });
  }

  @Test
  void refusesATokenOfAnotherAudience() {
    isRefused(
        token().audience("sts.amazonaws.com").sign(), RefusalReason.WRONG_AUDIENCE, "audience");
  }

  @Test
  void refusesATokenOfAnotherNode() {
    isRefused(token().node("node-2").sign(), RefusalReason.WRONG_NODE, "another node");
  }

  @Test
  void refusesATokenWithoutANode() {
    isRefused(token().node(null).sign(), RefusalReason.INVALID_TOKEN, "names no node");
  }

  @Test
  void refusesATokenOfAnIssuerThatNobodyRegistered() {
    String stranger = MINT.token("https://stranger.test", START).sign();

    isRefused(stranger, RefusalReason.INVALID_TOKEN, "an issuer that is registered");
  }

  @Test
  void refusesATokenOfAnotherClusterThanTheCallers() {
    String other = NEXT.token(TestClusters.issuer("two"), START).sign();
    assertThat(verify(other, new Caller("two", "node-1")))
        .isInstanceOf(TokenVerification.Verified.class);

    isRefused(other, RefusalReason.INVALID_TOKEN, "another cluster");
  }

  @Test
  void refusesATokenThatAnotherClusterSignedInThisOnesName() {
    String forged = NEXT.token(TestClusters.issuer("one"), START).sign();

    isRefused(forged, RefusalReason.INVALID_TOKEN, "does not publish");
  }

  @Test
  void refusesATokenOutsideItsLife() {
    String token = token().life(Duration.ofMinutes(10)).sign();
    assertThat(verify(token)).isInstanceOf(TokenVerification.Verified.class);

    clock.advance(Duration.ofMinutes(10));
    isRefused(token, RefusalReason.EXPIRED_TOKEN, "has expired");
    String early = MINT.token(TestClusters.issuer("one"), clock.instant().plusSeconds(90)).sign();
    isRefused(early, RefusalReason.PREMATURE_TOKEN, "not valid yet");
  }

  @Test
  void refusesWhatIsNoToken() {
    for (String nonsense : List.of("", "a.b.c", "{}", "x".repeat(100_000), "é.é.é")) {
      isRefused(nonsense, RefusalReason.INVALID_TOKEN, "not a JWT");
    }
  }

  @Test
  void refusesASignatureWithAnyOfItsBytesFlipped() {
    String token = token().sign();
    assertThat(verify(token)).isInstanceOf(TokenVerification.Verified.class);
    int dot = token.lastIndexOf('.');
    byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));

    for (int i = 0; i < signature.length; i++) {
      byte[] flipped = signature.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      String forged =
          token.substring(0, dot + 1)
              + Base64.getUrlEncoder().withoutPadding().encodeToString(flipped);
      isRefused(forged, RefusalReason.INVALID_TOKEN, "signature is wrong");
    }
  }

  @Test
  void checksTheNodeOfARememberedTokenForEachCaller() {
    String token = token().sign();
    assertThat(verify(token)).isInstanceOf(TokenVerification.Verified.class);

    assertThat(verify(token, new Caller("one", "node-2")))
        .extracting(verification -> ((TokenVerification.Rejected) verification).reason())
        .isEqualTo(RefusalReason.WRONG_NODE);
    assertThat(verify(token, new Caller("two", "node-1")))
        .extracting(verification -> ((TokenVerification.Rejected) verification).reason())
        .isEqualTo(RefusalReason.INVALID_TOKEN);
  }

  /** A deleted node may have a successor with the same name. */
  @Test
  void comparesTheUidsOfNodesWhereBothHaveOne() {
    String token = token().nodeUid("uid-1").sign();

    assertThat(verify(token, new Caller("one", "node-1", "uid-2")))
        .extracting(verification -> ((TokenVerification.Rejected) verification).reason())
        .isEqualTo(RefusalReason.WRONG_NODE);
    assertThat(verify(token, new Caller("one", "node-1", "uid-1")))
        .isInstanceOf(TokenVerification.Verified.class);
    assertThat(verify(token, new Caller("one", "node-1")))
        .isInstanceOf(TokenVerification.Verified.class);
    assertThat(verify(token().sign(), new Caller("one", "node-1", "uid-2")))
        .isInstanceOf(TokenVerification.Verified.class);
  }

  @Test
  void takesTokensOfAnyNodeFromACallerThatIsBoundToNone() {
    Caller unbound = new Caller("one", null);

    assertThat(verify(token().sign(), unbound)).isInstanceOf(TokenVerification.Verified.class);
    assertThat(verify(token().node("node-2").sign(), unbound))
        .isInstanceOf(TokenVerification.Verified.class);
    assertThat(verify(NEXT.token(TestClusters.issuer("two"), START).sign(), unbound))
        .isInstanceOf(TokenVerification.Rejected.class);
  }

  @Test
  void fetchesTheKeysWhenATokenNamesOneThatIsNotKnown() {
    published = CompletableFuture.completedStage(MINT.jwksWith(NEXT));
    String rotated = NEXT.token(TestClusters.issuer("one"), START).sign();

    assertThat(verify(rotated)).isInstanceOf(TokenVerification.Verified.class);
    assertThat(fetches).hasValue(2);
  }

  @Test
  void saysThatTheKeyIsUnknownOnlyWhileTheKeysCannotBeFetched() {
    published = CompletableFuture.failedStage(new IllegalStateException("down"));
    String rotated = NEXT.token(TestClusters.issuer("one"), START).sign();
    assertThat(verify(rotated)).isEqualTo(new TokenVerification.UnknownKey("key-2"));

    published = CompletableFuture.completedStage(MINT.jwksWith(NEXT));
    clock.advance(IssuerKeys.PAUSE_BETWEEN_SEARCHES);
    assertThat(verify(rotated)).isInstanceOf(TokenVerification.Verified.class);
  }

  @Test
  void forgetsATokenWhenItsKeyLeavesTheSet() {
    String token = token().sign();
    assertThat(verify(token)).isInstanceOf(TokenVerification.Verified.class);

    published = CompletableFuture.completedStage(NEXT.jwks());
    one.refresh();

    isRefused(token, RefusalReason.INVALID_TOKEN, "does not publish");
  }

  @Test
  void forgetsATokenWhenAnotherKeyTakesOverItsKeyId() {
    String token = token().sign();
    assertThat(verify(token)).isInstanceOf(TokenVerification.Verified.class);

    published = CompletableFuture.completedStage(new TokenMint("key-1").jwks());
    one.refresh();

    isRefused(token, RefusalReason.INVALID_TOKEN, "signature is wrong");
  }
}
