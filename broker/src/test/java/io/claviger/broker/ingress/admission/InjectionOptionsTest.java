package io.claviger.broker.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InjectionOptionsTest {

  private static InjectionOptions expiration(String text) {
    return InjectionOptions.of(Map.of("eks.amazonaws.com/token-expiration", text));
  }

  private static InjectionOptions skipping(String text) {
    return InjectionOptions.of(Map.of("eks.amazonaws.com/skip-containers", text));
  }

  @ParameterizedTest
  @CsvSource({
    "600,600",
    "86400,86400",
    "' 3600 ',3600",
    "599,600",
    "-1,600",
    "86401,86400",
    "9223372036854775807,86400"
  })
  void keepAnExpirationWithinItsBounds(String text, long seconds) {
    assertThat(expiration(text).tokenSeconds(() -> 0)).isEqualTo(seconds);
  }

  @ParameterizedTest
  @CsvSource({"''", "1h", "3600.5", "99999999999999999999"})
  void areNotThereWhereTheyAreNoNumber(String text) {
    assertThat(expiration(text).or(expiration("700")).tokenSeconds(() -> 0)).isEqualTo(700);
  }

  @ParameterizedTest
  @CsvSource({"0,79200", "0.5,82800", "0.9999999999999999,86400"})
  void spreadWhatNobodyAskedFor(double random, long seconds) {
    assertThat(InjectionOptions.of(null).tokenSeconds(() -> random)).isEqualTo(seconds);
  }

  @Test
  void skipContainersByTheirTrimmedNames() {
    InjectionOptions options = skipping(" proxy ,metrics,,");

    assertThat(options.skips("proxy")).isTrue();
    assertThat(options.skips("metrics")).isTrue();
    assertThat(options.skips("proxy ,metrics")).isFalse();
    assertThat(options.skips("app")).isFalse();
    assertThat(options.skips(null)).isFalse();
  }

  @Test
  void areThePodsOwnBeforeThoseOfItsServiceAccount() {
    InjectionOptions account =
        InjectionOptions.of(
            Map.of(
                "eks.amazonaws.com/skip-containers", "proxy",
                "eks.amazonaws.com/token-expiration", "700"));

    assertThat(account.isComplete()).isTrue();
    assertThat(skipping("metrics").or(account))
        .isEqualTo(new InjectionOptions(skipping("metrics").skipped(), account.tokenSeconds()));
    assertThat(skipping("").or(account).skips("proxy")).isFalse();
  }
}
