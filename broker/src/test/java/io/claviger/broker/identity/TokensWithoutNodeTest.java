package io.claviger.broker.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.identity.EdgeLogins.EdgeLogin;
import io.claviger.broker.identity.PodNodes.NodeLookup;
import io.claviger.broker.identity.TokenVerifier.Caller;
import io.claviger.broker.telemetry.TokenMeters;
import io.claviger.config.trust.TokenVerification;
import io.claviger.config.trust.TokenVerification.Verified;
import io.claviger.schemas.bus.PodPolicy;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.RequestPriority;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tokens without a node, as before Kubernetes 1.30. */
class TokensWithoutNodeTest {

  private static final Instant START = Instant.parse("2026-05-01T10:00:00Z");
  private static final TokenMint MINT = new TokenMint("key-1");

  private final TestClock clock = new TestClock(START);
  private final FakeApiServer apiServer = new FakeApiServer();
  private final Issuers issuers = TestClusters.issuers(MINT, clock);
  private boolean allowed;
  private TokenVerifier verifier = verifier();

  private Map<String, PodChecks> checks() {
    return Map.of("one", apiServer.checks(PodPolicy.PREFERRED, 500, allowed, clock));
  }

  private TokenVerifier verifier() {
    return new PodTokenVerifier(issuers, checks(), 1000, clock, clock);
  }

  private TokenVerification verify(String node) {
    String token = MINT.token(TestClusters.issuer("one"), START).node(null).sign();
    return verifier
        .verify(token, new Caller("one", node), RequestPriority.FIRST)
        .toCompletableFuture()
        .join();
  }

  @Test
  void areOfTheNodeThatTheClusterSaysAndOfNoOther() {
    apiServer.says(new NodeLookup.On("node-7"));

    assertThat(verify("node-7"))
        .isInstanceOfSatisfying(
            Verified.class, verified -> assertThat(verified.workload().node()).isEqualTo("node-7"));
    assertThat(verify("node-8"))
        .isInstanceOfSatisfying(
            TokenVerification.Rejected.class,
            rejected -> assertThat(rejected.reason()).isEqualTo(RefusalReason.WRONG_NODE));
  }

  @Test
  void areLookedForOnceByTheirPodsUid() {
    apiServer.says(new NodeLookup.On("node-7"));
    verify("node-7");
    clock.advance(Duration.ofMinutes(59));
    verify("node-7");

    assertThat(apiServer.lookedFor).containsExactly("pod-uid");
  }

  @Test
  void areUnconfirmedWhileTheClusterIsAway() {
    assertThat(verify("node-7"))
        .isInstanceOfSatisfying(
            TokenVerification.Unconfirmed.class,
            unconfirmed -> assertThat(unconfirmed.message()).contains("names no node"));

    apiServer.says(new NodeLookup.On("node-7"));
    assertThat(verify("node-7")).isInstanceOf(Verified.class);
  }

  @Test
  void areTakenAndCountedWhileTheClusterIsAwayWhereThatIsAllowed() {
    allowed = true;
    verifier = verifier();

    assertThat(verify("node-7")).isInstanceOf(Verified.class);
    assertThat(apiServer.meters.get(TokenMeters.WITHOUT_NODE).counter().count()).isEqualTo(1);
  }

  @Test
  void areNotTakenWhereTheClusterIsNotAskedWhateverIsAllowed() {
    Map<String, PodChecks> one =
        Map.of("one", apiServer.checks(PodPolicy.PREFERRED, 1, true, clock));
    verifier = new PodTokenVerifier(issuers, one, 1000, clock, clock);
    apiServer.says(new NodeLookup.On("node-7"));
    assertThat(verify("node-7")).isInstanceOf(Verified.class);
    String other = MINT.token(TestClusters.issuer("one"), START).node(null).podUid("other").sign();

    assertThat(
            verifier
                .verify(other, new Caller("one", "node-7"), RequestPriority.FIRST)
                .toCompletableFuture()
                .join())
        .isInstanceOf(TokenVerification.Unconfirmed.class);
    assertThat(apiServer.lookedFor).hasSize(1);
  }

  @Test
  void areRefusedWhenTheirPodIsGoneAlsoWhereOthersAreAllowed() {
    allowed = true;
    verifier = verifier();
    apiServer.says(new NodeLookup.Gone());

    assertThat(verify("node-7"))
        .isEqualTo(new TokenVerification.Rejected(RefusalReason.INVALID_TOKEN, "the pod is gone"));
  }

  private EdgeLogin login() {
    String edge =
        MINT.token(TestClusters.issuer("one"), START)
            .audience(TestClusters.EDGE_AUDIENCE)
            .serviceAccount("kube-system", "edge")
            .node(null)
            .sign();
    return new EdgeLogins(issuers, checks(), clock)
        .login(edge, () -> {})
        .toCompletableFuture()
        .join();
  }

  @Test
  void letAnEdgeInForTheNodeThatTheClusterSays() {
    apiServer.says(new NodeLookup.On("node-7"));

    assertThat(login())
        .isEqualTo(new EdgeLogin.Accepted("one", "node-7", null, START.plus(Duration.ofHours(1))));
  }

  @Test
  void letNoEdgeInForAnUnknownNodeWhateverIsAllowed() {
    allowed = true;

    assertThat(login())
        .isInstanceOfSatisfying(
            EdgeLogin.Rejected.class,
            rejected -> assertThat(rejected.message()).contains("cannot be asked where"));
  }
}
