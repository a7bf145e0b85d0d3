package io.claviger.config.trust;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TokenHashTest {

  @Test
  void isTheSha256OfTheToken() {
    // The test vector of FIPS 180-2 for "abc".
    assertThat(TokenHash.of("abc"))
        .isEqualTo(
            new TokenHash(
                0xba7816bf8f01cfeaL,
                0x414140de5dae2223L,
                0xb00361a396177a9cL,
                0xb410ff61f20015adL));
  }

  @Test
  void tellsTokensApartThatDifferInForeignCharactersOnly() {
    assertThat(TokenHash.of("a\u00e4")).isNotEqualTo(TokenHash.of("a\u00f6"));
  }
}
