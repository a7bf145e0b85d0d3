package io.claviger.config.trust;

import static io.claviger.config.trust.Minted.EC;
import static io.claviger.config.trust.Minted.NOW;
import static io.claviger.config.trust.Minted.RSA;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.bus.RefusalReason;

/** Assertions on how the verifier of the cluster one judges tokens. */
final class TokenAssertions {

  private static final TokenKeys KEYS = TokenKeys.parse(Minted.published(RSA, EC));
  static final ServiceAccountTokenVerifier VERIFIER =
      new ServiceAccountTokenVerifier("one", Minted.ISSUER, Minted.AUDIENCE, () -> KEYS);

  private TokenAssertions() {}

  static void verifies(String token) {
    assertThat(VERIFIER.verify(token, NOW)).isInstanceOf(TokenVerification.Verified.class);
  }

  /** Asserts that it is rejected as invalid. */
  static void rejects(String token, String message) {
    rejects(token, RefusalReason.INVALID_TOKEN, message);
  }

  static void rejects(String token, RefusalReason reason, String message) {
    assertThat(VERIFIER.verify(token, NOW))
        .isInstanceOfSatisfying(
            TokenVerification.Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(reason);
              assertThat(rejected.message()).contains(message);
            });
  }
}
