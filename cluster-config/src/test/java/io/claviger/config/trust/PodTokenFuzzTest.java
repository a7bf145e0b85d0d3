package io.claviger.config.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.util.Base64URL;
import io.claviger.config.trust.TokenVerification.Verified;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Pod tokens, as any client on a node can send them. */
final class PodTokenFuzzTest {

  private static final TokenKeys KEYS =
      TokenKeys.parse(Minted.published(Minted.EC.toPublicJWK(), Minted.RSA.toPublicJWK()));
  private static final ServiceAccountTokenVerifier VERIFIER =
      new ServiceAccountTokenVerifier("prod", Minted.ISSUER, Minted.AUDIENCE, () -> KEYS);

  private static final Set<String> GOOD =
      Set.of(Minted.signed(Minted.EC, Minted.good()), Minted.signed(Minted.RSA, Minted.good()));

  static Stream<byte[]> tokens() {
    return Stream.concat(
            GOOD.stream(),
            Stream.of(
                WarmUpTokens.rs256(),
                WarmUpTokens.es256(),
                Minted.good().toString(),
                Minted.claims().claim("kubernetes.io", "none").build().toString(),
                "{\"iss\":null,\"aud\":[null],\"exp\":1e99,\"nbf\":-1,\"kubernetes.io\":[[]]}"))
        .map(token -> token.getBytes(StandardCharsets.UTF_8));
  }

  /** Input that begins with a brace is signed as an issuer would, but its claims are arbitrary. */
  @MethodSource("tokens")
  @FuzzTest
  void areVerifiedOrRefused(byte[] input) throws JOSEException {
    String text = new String(input, StandardCharsets.UTF_8);
    boolean claims = text.startsWith("{");
    String token = claims ? signed(input) : text;

    TokenVerification verification = VERIFIER.verify(token, Minted.NOW);

    if (!claims) {
      // Without the key no valid token can be made, and only one spelling of a token is valid.
      assertThat(verification instanceof Verified).isEqualTo(GOOD.contains(token));
    }
    if (verification instanceof Verified(var workload, var expiresAt, var keyId)) {
      assertThat(expiresAt).isAfter(Minted.NOW);
      assertThat(KEYS.keyIds()).contains(keyId);
      assertThat(workload.cluster()).isEqualTo("prod");
    }
    var unusedIssuer = ServiceAccountTokenVerifier.claimedIssuer(token);
    var unusedTime = ServiceAccountTokenVerifier.claimedIssueTime(token);
    assertThat(TokenHash.of(token)).isEqualTo(TokenHash.of(token));
  }

  private static String signed(byte[] claims) throws JOSEException {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(Minted.EC.getKeyID()).build();
    String signed = header.toBase64URL() + "." + Base64URL.encode(claims);
    Base64URL signature =
        new ECDSASigner(Minted.EC).sign(header, signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + signature;
  }
}
