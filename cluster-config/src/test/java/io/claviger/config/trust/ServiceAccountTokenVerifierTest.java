package io.claviger.config.trust;

import static io.claviger.config.trust.Minted.EC;
import static io.claviger.config.trust.Minted.NOW;
import static io.claviger.config.trust.Minted.RSA;
import static io.claviger.config.trust.Minted.claims;
import static io.claviger.config.trust.Minted.good;
import static io.claviger.config.trust.Minted.signed;
import static io.claviger.config.trust.TokenAssertions.VERIFIER;
import static io.claviger.config.trust.TokenAssertions.rejects;
import static io.claviger.config.trust.TokenAssertions.verifies;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The required content of tokens that the cluster's own keys have signed. */
final class ServiceAccountTokenVerifierTest {

  private static final WorkloadIdentity CART =
      new WorkloadIdentity("one", "shop", "cart", "cart-0", "u2", "node-1");

  private static String vector(String name) {
    try (InputStream in =
        ServiceAccountTokenVerifierTest.class.getResourceAsStream("/vectors/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void verifiesTheTokenOfARealApiServerThroughoutItsLife() {
    TokenKeys real = TokenKeys.parse(vector("jwks.json"));
    ServiceAccountTokenVerifier ofReal =
        new ServiceAccountTokenVerifier(
            "real", "https://kubernetes.default.svc", Minted.AUDIENCE, () -> real);
    String token = vector("sample-token.jwt");
    Instant issued = Instant.ofEpochSecond(1795545046);
    Instant end = Instant.ofEpochSecond(1795631446);

    for (Instant now : List.of(issued.minusSeconds(60), issued, end.minusMillis(1))) {
      assertThat(ofReal.verify(token, now))
          .isEqualTo(
              new TokenVerification.Verified(
                  new WorkloadIdentity(
                      "real",
                      "app1",
                      "web",
                      "web-0",
                      "42635b4c-1ab3-4889-b5c2-492743372aef",
                      "node1"),
                  end,
                  "yshAp5eWlEFpwwubwjMbXdRlhr_n1zzwcejHaAUM38E"));
    }
    assertThat(ofReal.verify(token, end))
        .extracting(verification -> ((TokenVerification.Rejected) verification).reason())
        .isEqualTo(RefusalReason.EXPIRED_TOKEN);
  }

  @Test
  void verifiesTokensOfBothKindsOfKey() {
    assertThat(VERIFIER.verify(signed(RSA, good()), NOW))
        .isEqualTo(new TokenVerification.Verified(CART, NOW.plusSeconds(3_600), "rsa-1"));
    assertThat(VERIFIER.verify(signed(EC, good()), NOW))
        .isEqualTo(new TokenVerification.Verified(CART, NOW.plusSeconds(3_600), "ec-1"));
  }

  @Test
  void readsTheUidOfTheNodeWhereTheTokenHasOne() {
    Map<String, Object> kubernetes = new HashMap<>(Minted.kubernetes());
    kubernetes.put("node", Map.of("name", "node-1", "uid", "uid-1"));
    JWTClaimsSet claims = Minted.claims().claim("kubernetes.io", kubernetes).build();

    assertThat(VERIFIER.verify(signed(RSA, claims), NOW))
        .extracting(
            verification -> ((TokenVerification.Verified) verification).workload().nodeUid())
        .isEqualTo("uid-1");
  }

  @Test
  void saysWhichKeyItDoesNotHold() {
    assertThat(VERIFIER.verify(signed(Minted.rsa("rsa-2"), good()), NOW))
        .isEqualTo(new TokenVerification.UnknownKey("rsa-2"));
    assertThat(VERIFIER.verify(signed(RSA, JWSAlgorithm.RS256, null, good()), NOW))
        .isEqualTo(new TokenVerification.UnknownKey(null));
  }

  @Test
  void findsItsAudienceAloneOrAmongOthers() {
    verifies(signed(RSA, claims().claim("aud", Minted.AUDIENCE).build()));
    verifies(signed(RSA, claims().audience(List.of("other", Minted.AUDIENCE)).build()));
  }

  static Stream<Arguments> otherAudiences() {
    return Stream.of(
        Arguments.of("sts.amazonaws.com"),
        Arguments.of(Minted.AUDIENCE + ".evil.test"),
        Arguments.of(List.of()),
        Arguments.of(List.of("a", "b")),
        Arguments.of((Object) null));
  }

  @ParameterizedTest
  @MethodSource("otherAudiences")
  void refusesATokenForOthers(@Nullable Object audience) {
    rejects(
        signed(RSA, claims().claim("aud", audience).build()),
        RefusalReason.WRONG_AUDIENCE,
        "does not include " + Minted.AUDIENCE);
  }

  @ParameterizedTest
  @CsvSource({"nbf,60,true", "nbf,61,false", "iat,60,true", "iat,61,false"})
  void givesANodesClockAMinuteOfLeeway(String claim, int secondsAhead, boolean good) {
    String token =
        signed(RSA, claims().claim(claim, Date.from(NOW.plusSeconds(secondsAhead))).build());

    if (good) {
      verifies(token);
    } else {
      rejects(token, RefusalReason.PREMATURE_TOKEN, "not valid yet");
    }
  }

  @Test
  void givesTheEndNoLeeway() {
    verifies(signed(RSA, claims().expirationTime(Date.from(NOW.plusSeconds(1))).build()));
    rejects(
        signed(RSA, claims().expirationTime(Date.from(NOW)).build()),
        RefusalReason.EXPIRED_TOKEN,
        "has expired");
    rejects(signed(RSA, claims().expirationTime(null).build()), "has no expiry");
  }

  @Test
  void takesATokenWithoutAStart() {
    verifies(signed(RSA, claims().notBeforeTime(null).issueTime(null).build()));
  }

  @Test
  void refusesAnotherIssuerBeforeItLooksAtTheSignature() {
    rejects(
        signed(Minted.rsa("unknown"), claims().issuer("https://other.test").build()),
        "issuer is not the one registered for cluster one");
    rejects(signed(RSA, claims().issuer(null).build()), "issuer is not");
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespace", "serviceaccount", "pod"})
  void refusesATokenThatIsNotBoundToAPod(String missing) {
    Map<String, Object> kubernetes = new HashMap<>(Minted.kubernetes());
    kubernetes.remove(missing);

    rejects(signed(RSA, claims().claim("kubernetes.io", kubernetes).build()), "not bound to a pod");
  }

  @Test
  void refusesASubjectThatIsNotTheServiceAccount() {
    rejects(
        signed(RSA, claims().subject("system:serviceaccount:shop:admin").build()),
        "not bound to a pod");
    rejects(signed(RSA, claims().claim("kubernetes.io", null).build()), "not bound to a pod");
  }

  @Test
  void knowsNoNodeWhereTheTokenNamesNone() {
    Map<String, Object> kubernetes = new HashMap<>(Minted.kubernetes());
    kubernetes.remove("node");

    assertThat(
            VERIFIER.verify(signed(RSA, claims().claim("kubernetes.io", kubernetes).build()), NOW))
        .isInstanceOfSatisfying(
            TokenVerification.Verified.class,
            verified -> assertThat(verified.workload().node()).isNull());
  }

  @Test
  void readsTheIssuerThatATokenClaims() {
    assertThat(ServiceAccountTokenVerifier.claimedIssuer(signed(RSA, good())))
        .contains(Minted.ISSUER);
    assertThat(
            ServiceAccountTokenVerifier.claimedIssuer(signed(RSA, claims().issuer(null).build())))
        .isEmpty();
  }

  @Test
  void verifiesAParsedTokenAsOftenAsItIsAskedTo() {
    ParsedToken token = ParsedToken.of(signed(RSA, good())).orElseThrow();

    TokenVerification first = VERIFIER.verify(token, NOW);

    assertThat(first).isInstanceOf(TokenVerification.Verified.class);
    assertThat(VERIFIER.verify(token, NOW)).isEqualTo(first);
    assertThat(token.toString()).isEqualTo("ParsedToken");
  }
}
