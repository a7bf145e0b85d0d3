package io.claviger.config.trust;

import static io.claviger.config.trust.Minted.EC;
import static io.claviger.config.trust.Minted.NOW;
import static io.claviger.config.trust.Minted.RSA;
import static io.claviger.config.trust.Minted.claims;
import static io.claviger.config.trust.Minted.signed;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeyLengthException;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
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

final class ServiceAccountTokenVerifierTest {

  private static final WorkloadIdentity CART =
      new WorkloadIdentity("one", "shop", "cart", "cart-0", "u2", "node-1");

  private final TokenKeys keys = TokenKeys.parse(Minted.published(RSA, EC));
  private final ServiceAccountTokenVerifier verifier =
      new ServiceAccountTokenVerifier("one", Minted.ISSUER, Minted.AUDIENCE, () -> keys);

  private static JWTClaimsSet good() {
    return claims().build();
  }

  private void verifies(String token) {
    assertThat(verifier.verify(token, NOW)).isInstanceOf(TokenVerification.Verified.class);
  }

  private void rejects(String token, RefusalReason reason, String message) {
    assertThat(verifier.verify(token, NOW))
        .isInstanceOfSatisfying(
            TokenVerification.Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(reason);
              assertThat(rejected.message()).contains(message);
            });
  }

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
    assertThat(verifier.verify(signed(RSA, good()), NOW))
        .isEqualTo(new TokenVerification.Verified(CART, NOW.plusSeconds(3_600), "rsa-1"));
    assertThat(verifier.verify(signed(EC, good()), NOW))
        .isEqualTo(new TokenVerification.Verified(CART, NOW.plusSeconds(3_600), "ec-1"));
  }

  @Test
  void readsTheUidOfTheNodeWhereTheTokenHasOne() {
    Map<String, Object> kubernetes = new HashMap<>(Minted.kubernetes());
    kubernetes.put("node", Map.of("name", "node-1", "uid", "uid-1"));
    JWTClaimsSet claims = Minted.claims().claim("kubernetes.io", kubernetes).build();

    assertThat(verifier.verify(signed(RSA, claims), NOW))
        .extracting(
            verification -> ((TokenVerification.Verified) verification).workload().nodeUid())
        .isEqualTo("uid-1");
  }

  @Test
  void refusesATokenThatNobodySigned() {
    rejects(new PlainJWT(good()).serialize(), RefusalReason.INVALID_TOKEN, "not a signed JWT");
    String header = base64("{\"alg\":\"none\",\"kid\":\"rsa-1\"}");
    String token = signed(RSA, good());
    rejects(
        header + token.substring(token.indexOf('.')),
        RefusalReason.INVALID_TOKEN,
        "not a signed JWT");
  }

  /** Each would be remembered, and asked about at the API server, as a token of its own. */
  @Test
  void refusesAnotherSpellingOfATokenThatItVerifies() {
    for (String token : List.of(signed(RSA, good()), signed(EC, good()))) {
      verifies(token);
      int signature = token.lastIndexOf('.') + 1;
      String start = token.substring(0, signature + 20);
      String end = token.substring(signature + 20);
      for (String junk : List.of("!", "=", " ", "\n", "\u00e9", "\ud83d\ude00")) {
        rejects(start + junk + end, RefusalReason.INVALID_TOKEN, "not a signed JWT");
        rejects(token + junk, RefusalReason.INVALID_TOKEN, "not a signed JWT");
        rejects(junk + token, RefusalReason.INVALID_TOKEN, "not a signed JWT");
      }
      // The last character of 256 or 64 bytes stands for two or four bits of them.
      char last = token.charAt(token.length() - 1);
      String respelled = token.substring(0, token.length() - 1) + (char) (last + 1);
      assertThat(Base64.getUrlDecoder().decode(respelled.substring(signature)))
          .isEqualTo(Base64.getUrlDecoder().decode(token.substring(signature)));
      rejects(respelled, RefusalReason.INVALID_TOKEN, "not a signed JWT");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "0", "\"\"", "[]", "{}", "{\"alg\":null}", "{\"alg\":{}}", "{"})
  void refusesWhateverStandsInThePlaceOfTheHeaderOrTheClaims(String json) {
    String token = signed(RSA, good());
    String claims = token.substring(token.indexOf('.'));
    String header = token.substring(0, token.indexOf('.') + 1);

    rejects(base64(json) + claims, RefusalReason.INVALID_TOKEN, "");
    rejects(
        header + base64(json) + token.substring(token.lastIndexOf('.')),
        RefusalReason.INVALID_TOKEN,
        "");
  }

  @Test
  void refusesATokenSignedWithThePublicKeyAsASecret() throws JOSEException {
    byte[] publicKey = RSA.toRSAPublicKey().getEncoded();

    String token = signed(mac(publicKey), JWSAlgorithm.HS256, "rsa-1", good());

    rejects(token, RefusalReason.INVALID_TOKEN, "algorithm is not accepted");
  }

  private static MACSigner mac(byte[] secret) {
    try {
      return new MACSigner(secret);
    } catch (KeyLengthException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void refusesAnotherAlgorithmThanTheKeysOwn() {
    String es256 = base64("{\"alg\":\"ES256\",\"kid\":\"rsa-1\"}");
    String token = signed(RSA, good());

    rejects(
        es256 + token.substring(token.indexOf('.')),
        RefusalReason.INVALID_TOKEN,
        "signature is wrong");
    rejects(
        signed(RSA, JWSAlgorithm.RS512, "rsa-1", good()),
        RefusalReason.INVALID_TOKEN,
        "signature is wrong");
    rejects(
        signed(RSA, JWSAlgorithm.PS256, "rsa-1", good()),
        RefusalReason.INVALID_TOKEN,
        "algorithm is not accepted");
  }

  @Test
  void refusesASignatureOfAnotherKeyOrOfOtherClaims() {
    rejects(signed(Minted.rsa("rsa-1"), good()), RefusalReason.INVALID_TOKEN, "signature is wrong");
    String[] token = signed(RSA, good()).split("\\.", -1);
    String[] other = signed(RSA, claims().jwtID("other").build()).split("\\.", -1);
    rejects(
        token[0] + "." + other[1] + "." + token[2],
        RefusalReason.INVALID_TOKEN,
        "signature is wrong");
  }

  @Test
  void saysWhichKeyItDoesNotHold() {
    assertThat(verifier.verify(signed(Minted.rsa("rsa-2"), good()), NOW))
        .isEqualTo(new TokenVerification.UnknownKey("rsa-2"));
    assertThat(verifier.verify(signed(RSA, JWSAlgorithm.RS256, null, good()), NOW))
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
    rejects(
        signed(RSA, claims().expirationTime(null).build()),
        RefusalReason.INVALID_TOKEN,
        "has no expiry");
  }

  @Test
  void takesATokenWithoutAStart() {
    verifies(signed(RSA, claims().notBeforeTime(null).issueTime(null).build()));
  }

  @Test
  void refusesAnotherIssuerBeforeItLooksAtTheSignature() {
    rejects(
        signed(Minted.rsa("unknown"), claims().issuer("https://other.test").build()),
        RefusalReason.INVALID_TOKEN,
        "issuer is not the one registered for cluster one");
    rejects(
        signed(RSA, claims().issuer(null).build()), RefusalReason.INVALID_TOKEN, "issuer is not");
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespace", "serviceaccount", "pod"})
  void refusesATokenThatIsNotBoundToAPod(String missing) {
    Map<String, Object> kubernetes = new HashMap<>(Minted.kubernetes());
    kubernetes.remove(missing);

    rejects(
        signed(RSA, claims().claim("kubernetes.io", kubernetes).build()),
        RefusalReason.INVALID_TOKEN,
        "not bound to a pod");
  }

  @Test
  void refusesASubjectThatIsNotTheServiceAccount() {
    rejects(
        signed(RSA, claims().subject("system:serviceaccount:shop:admin").build()),
        RefusalReason.INVALID_TOKEN,
        "not bound to a pod");
    rejects(
        signed(RSA, claims().claim("kubernetes.io", null).build()),
        RefusalReason.INVALID_TOKEN,
        "not bound to a pod");
  }

  @Test
  void knowsNoNodeWhereTheTokenNamesNone() {
    Map<String, Object> kubernetes = new HashMap<>(Minted.kubernetes());
    kubernetes.remove("node");

    assertThat(
            verifier.verify(signed(RSA, claims().claim("kubernetes.io", kubernetes).build()), NOW))
        .isInstanceOfSatisfying(
            TokenVerification.Verified.class,
            verified -> assertThat(verified.workload().node()).isNull());
  }

  static Stream<String> nonsense() {
    String header = base64("{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}");
    return Stream.of(
        "",
        "a",
        "a.b.c",
        "..",
        "é.é.é",
        header + "." + base64("{\"exp\":\"soon\"}") + ".AAAA",
        header + "." + base64("{\"exp\":99999999999,\"kubernetes.io\":1}"),
        header + "." + base64("{\"a\":" + "[".repeat(9_000)) + ".AAAA",
        "x".repeat(ServiceAccountTokenVerifier.MAX_TOKEN_CHARACTERS + 1));
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void refusesWhatIsNoToken(String text) {
    rejects(text, RefusalReason.INVALID_TOKEN, "not a signed JWT");
    assertThat(ServiceAccountTokenVerifier.claimedIssuer(text)).isEmpty();
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

    TokenVerification first = verifier.verify(token, NOW);

    assertThat(first).isInstanceOf(TokenVerification.Verified.class);
    assertThat(verifier.verify(token, NOW)).isEqualTo(first);
    assertThat(token.toString()).isEqualTo("ParsedToken");
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
