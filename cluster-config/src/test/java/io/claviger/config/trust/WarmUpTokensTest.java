package io.claviger.config.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class WarmUpTokensTest {

  private static final Instant LONG_AFTER = WarmUpTokens.ISSUED.plus(Duration.ofDays(30_000));

  static List<String> all() {
    return List.of(WarmUpTokens.rs256(), WarmUpTokens.es256());
  }

  private static TokenVerification verify(String issuer, String keys, String token) {
    TokenKeys parsed = TokenKeys.parse(keys);
    return new ServiceAccountTokenVerifier(
            WarmUpTokens.CLUSTER, issuer, WarmUpTokens.AUDIENCE, () -> parsed)
        .verify(token, LONG_AFTER);
  }

  @ParameterizedTest
  @MethodSource("all")
  void areVerifiedByTheirOwnKeysForAHundredYears(String token) {
    assertThat(verify(WarmUpTokens.ISSUER, WarmUpTokens.keys(), token))
        .isInstanceOfSatisfying(
            TokenVerification.Verified.class,
            verified -> assertThat(verified.workload().node()).isEqualTo(WarmUpTokens.NODE));
  }

  @ParameterizedTest
  @MethodSource("all")
  void proveNothingToAClusterOfAnotherIssuer(String token) {
    assertThat(verify(Minted.ISSUER, Minted.published(Minted.RSA, Minted.EC), token))
        .isInstanceOf(TokenVerification.Rejected.class);
  }

  @ParameterizedTest
  @MethodSource("all")
  void proveNothingByKeysOfACluster(String token) {
    assertThat(verify(WarmUpTokens.ISSUER, Minted.published(Minted.RSA, Minted.EC), token))
        .isInstanceOf(TokenVerification.UnknownKey.class);
  }
}
