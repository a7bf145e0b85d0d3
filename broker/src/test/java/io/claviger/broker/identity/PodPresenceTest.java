package io.claviger.broker.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.identity.PodChecks.Presence;
import io.claviger.broker.identity.PodNodes.NodeLookup;
import io.claviger.broker.identity.TokenReviews.Review;
import io.claviger.broker.identity.TokenVerifier.Caller;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.bus.PodPolicy;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.RequestPriority;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Whether pods exist, according to their cluster's list of all pods. */
class PodPresenceTest {

  private static final Instant START = Instant.parse("2026-05-01T10:00:00Z");
  private static final UUID UID = new UUID(7, 1);
  private static final PodNodes.Pod POD = new PodNodes.Pod("app1", "web-0", UID.toString());
  private static final TokenMint MINT = new TokenMint("key-1");

  private final TestClock clock = new TestClock(START);
  private final FakeApiServer apiServer = new FakeApiServer();
  private PodChecks checks = checks(PodPolicy.PREFERRED, 500);

  private PodChecks checks(PodPolicy policy, int perSecond) {
    return apiServer.checks(policy, perSecond, false, clock);
  }

  private Presence presence(PodNodes.Pod pod, boolean surely) {
    return checks.presence(pod, "node-1", surely).toCompletableFuture().join();
  }

  private void areAllKnown(UUID... uids) {
    apiServer.pods.listBegins();
    apiServer.pods.present(List.of(uids));
    apiServer.pods.listEnds();
    apiServer.pods.complete(true);
  }

  @Test
  void isKnownWithoutARequestWhileAllPodsAre() {
    areAllKnown(UID);
    assertThat(presence(POD, true)).isEqualTo(Presence.THERE);

    apiServer.pods.gone(List.of(UID));
    assertThat(presence(POD, true)).isEqualTo(Presence.GONE);
    assertThat(apiServer.lookedFor).isEmpty();
  }

  @Test
  void isAskedForOfOneThatIsNotAmongThemForItMayBeNew() {
    areAllKnown();
    apiServer.says(new NodeLookup.On("node-1"));
    assertThat(presence(POD, true)).isEqualTo(Presence.THERE);
    // The watch has not reported it, and might not report its end: the API server must be asked
    // again.
    assertThat(presence(POD, false)).isEqualTo(Presence.UNKNOWN);

    clock.advance(Duration.ofSeconds(2));
    apiServer.says(new NodeLookup.Gone());
    assertThat(presence(POD, false)).isEqualTo(Presence.GONE);
    assertThat(apiServer.lookedFor).hasSize(2);
  }

  @Test
  void isAskedForWhileNotAllAreKnownOnlyWhenSomebodyWaits() {
    areAllKnown(UID);
    apiServer.pods.complete(false);
    apiServer.says(new NodeLookup.Gone());

    assertThat(presence(POD, false)).isEqualTo(Presence.UNKNOWN);
    assertThat(apiServer.lookedFor).isEmpty();
    assertThat(presence(POD, true)).isEqualTo(Presence.GONE);
  }

  @Test
  void isUnknownWhileTheApiServerIsAway() {
    assertThat(presence(POD, true)).isEqualTo(Presence.UNKNOWN);
  }

  @Test
  void isNotAskedForWhereTooManyAre() {
    checks = checks(PodPolicy.PREFERRED, 1);
    apiServer.says(new NodeLookup.On("node-1"));
    assertThat(presence(POD, true)).isEqualTo(Presence.THERE);
    assertThat(presence(new PodNodes.Pod("app1", "web-1", "uid-1"), true))
        .isEqualTo(Presence.NOT_ASKED);
  }

  @Test
  void isNotToBeTakenFromOneByAskingForItUnderAnotherName() {
    areAllKnown();
    apiServer.says(new NodeLookup.Gone());
    assertThat(presence(new PodNodes.Pod("app1", "other", POD.uid()), true))
        .isEqualTo(Presence.GONE);

    apiServer.says(new NodeLookup.On("node-1"));
    assertThat(presence(POD, true)).isEqualTo(Presence.THERE);
  }

  @Test
  void isBelievedWhereTheClusterIsNeverAsked() {
    checks = checks(PodPolicy.OFF, 500);
    apiServer.pods.gone(List.of(UID));

    assertThat(presence(POD, true)).isEqualTo(Presence.THERE);
  }

  @Test
  void isNothingThatAListTakesBackThatDidNotEnd() {
    areAllKnown(UID);
    apiServer.pods.listBegins();
    apiServer.pods.present(List.of(new UUID(7, 2)));
    apiServer.pods.listBegins();
    apiServer.pods.present(List.of(UID));
    apiServer.pods.listEnds();

    assertThat(apiServer.pods.has(UID)).isTrue();
    assertThat(apiServer.pods.isGone(new UUID(7, 2))).isTrue();
  }

  /** The last review, and the API server's own cache of it, say otherwise. */
  @Test
  void refusesTheTokenOfOneThatIsGoneAtOnce() {
    areAllKnown(UID);
    TokenVerifier verifier = verifier();
    String token = MINT.token(TestClusters.issuer("one"), START).podUid(UID.toString()).sign();
    assertThat(verify(verifier, token)).isInstanceOf(TokenVerification.Verified.class);
    apiServer.says(new Review.Standing());

    apiServer.pods.gone(List.of(UID));

    assertThat(verify(verifier, token))
        .isInstanceOfSatisfying(
            TokenVerification.Rejected.class,
            rejected -> assertThat(rejected.reason()).isEqualTo(RefusalReason.INVALID_TOKEN));
  }

  private TokenVerifier verifier() {
    return new PodTokenVerifier(
        TestClusters.issuers(MINT, clock), Map.of("one", checks), 1000, clock, clock);
  }

  private static TokenVerification verify(TokenVerifier verifier, String token) {
    return verifier
        .verify(token, new Caller("one", "node-1"), RequestPriority.FIRST)
        .toCompletableFuture()
        .join();
  }
}
