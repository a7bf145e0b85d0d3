package io.claviger.config.trust;

import static io.claviger.config.trust.Minted.EC;
import static io.claviger.config.trust.Minted.RSA;
import static io.claviger.config.trust.Minted.claims;
import static io.claviger.config.trust.Minted.good;
import static io.claviger.config.trust.Minted.signed;
import static io.claviger.config.trust.TokenAssertions.rejects;
import static io.claviger.config.trust.TokenAssertions.verifies;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeyLengthException;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.PlainJWT;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that differ from those that the cluster's API server has issued. */
final class ForgedTokensTest {

  @Test
  void refusesATokenThatNobodySigned() {
    rejects(new PlainJWT(good()).serialize(), "not a signed JWT");
    String header = base64("{\"alg\":\"none\",\"kid\":\"rsa-1\"}");
    String token = signed(RSA, good());
    rejects(header + token.substring(token.indexOf('.')), "not a signed JWT");
  }

  /** Otherwise each spelling would be cached, and sent to the API server, as a separate token. */
  @Test
  void refusesAnotherSpellingOfATokenThatItVerifies() {
    for (String token : List.of(signed(RSA, good()), signed(EC, good()))) {
      verifies(token);
      int signature = token.lastIndexOf('.') + 1;
      String start = token.substring(0, signature + 20);
      String end = token.substring(signature + 20);
      for (String junk : List.of("!", "=", " ", "\n", "\u00e9", "\ud83d\ude00")) {
        rejects(start + junk + end, "not a signed JWT");
        rejects(token + junk, "not a signed JWT");
        rejects(junk + token, "not a signed JWT");
      }
      // Of the last character of 256 or 64 bytes, only two or four bits are used.
      char last = token.charAt(token.length() - 1);
      String respelled = token.substring(0, token.length() - 1) + (char) (last + 1);
      assertThat(Base64.getUrlDecoder().decode(respelled.substring(signature)))
          .isEqualTo(Base64.getUrlDecoder().decode(token.substring(signature)));
      rejects(respelled, "not a signed JWT");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "0", "\"\"", "[]", "{}", "{\"alg\":null}", "{\"alg\":{}}", "{"})
  void refusesWhateverStandsInThePlaceOfTheHeaderOrTheClaims(String json) {
    String token = signed(RSA, good());
    String claims = token.substring(token.indexOf('.'));
    String header = token.substring(0, token.indexOf('.') + 1);

    rejects(base64(json) + claims, "");
    rejects(header + base64(json) + token.substring(token.lastIndexOf('.')), "");
  }

  @Test
  void refusesATokenSignedWithThePublicKeyAsASecret() throws JOSEException {
    byte[] publicKey = RSA.toRSAPublicKey().getEncoded();

    String token = signed(mac(publicKey), JWSAlgorithm.HS256, "rsa-1", good());

    rejects(token, "algorithm is not accepted");
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

    rejects(es256 + token.substring(token.indexOf('.')), "signature is wrong");
    rejects(signed(RSA, JWSAlgorithm.RS512, "rsa-1", good()), "signature is wrong");
    rejects(signed(RSA, JWSAlgorithm.PS256, "rsa-1", good()), "algorithm is not accepted");
  }

  @Test
  void refusesASignatureOfAnotherKeyOrOfOtherClaims() {
    rejects(signed(Minted.rsa("rsa-1"), good()), "signature is wrong");
    String[] token = signed(RSA, good()).split("\\.", -1);
    String[] other = signed(RSA, claims().jwtID("other").build()).split("\\.", -1);
    rejects(token[0] + "." + other[1] + "." + token[2], "signature is wrong");
  }

  static Stream<String> nonsense() {
    String header = base64("{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}");
    return Stream.of(
        "",
        "a",
        "a.b.c",
        "..",
        ".".repeat(ServiceAccountTokenVerifier.MAX_TOKEN_CHARACTERS),
        "é.é.é",
        header + "." + base64("{\"exp\":\"soon\"}") + ".AAAA",
        header + "." + base64("{\"exp\":99999999999,\"kubernetes.io\":1}"),
        header + "." + base64("{\"a\":" + "[".repeat(9_000)) + ".AAAA",
        "x".repeat(ServiceAccountTokenVerifier.MAX_TOKEN_CHARACTERS + 1));
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void refusesWhatIsNoToken(String text) {
    rejects(text, "not a signed JWT");
    assertThat(ServiceAccountTokenVerifier.claimedIssuer(text)).isEmpty();
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
