package io.claviger.config.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Key sets, as any server at an issuer's address can send them. */
final class TokenKeysFuzzTest {

  static Stream<byte[]> sets() {
    return Stream.of(
            Minted.published(Minted.RSA.toPublicJWK(), Minted.EC.toPublicJWK()),
            WarmUpTokens.keys(),
            "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"1\"}]}",
            "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"AQAB\",\"kid\":\"1\"}]}",
            "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\",\"kid\":\"1\"}]}",
            "{\"keys\":[null]}",
            "{\"keys\":{}}")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("sets")
  @FuzzTest
  void areReadOrRefused(byte[] input) {
    TokenKeys keys;
    try {
      keys = TokenKeys.parse(new String(input, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return;
    }
    assertThat(keys.keyIds()).isNotEmpty();
  }
}
