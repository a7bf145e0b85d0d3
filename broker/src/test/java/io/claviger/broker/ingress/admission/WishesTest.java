package io.claviger.broker.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WishesTest {

  private static Wishes expiration(String text) {
    return Wishes.of(Map.of("eks.amazonaws.com/token-expiration", text));
  }

  private static Wishes skipping(String text) {
    return Wishes.of(Map.of("eks.amazonaws.com/skip-containers", text));
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
    assertThat(Wishes.of(null).tokenSeconds(() -> random)).isEqualTo(seconds);
  }

  @Test
  void skipContainersByTheirTrimmedNames() {
    Wishes wishes = skipping(" proxy ,metrics,,");

    assertThat(wishes.skips("proxy")).isTrue();
    assertThat(wishes.skips("metrics")).isTrue();
    assertThat(wishes.skips("proxy ,metrics")).isFalse();
    assertThat(wishes.skips("app")).isFalse();
    assertThat(wishes.skips(null)).isFalse();
  }

  @Test
  void areThePodsOwnBeforeThoseOfItsServiceAccount() {
    Wishes account =
        Wishes.of(
            Map.of(
                "eks.amazonaws.com/skip-containers", "proxy",
                "eks.amazonaws.com/token-expiration", "700"));

    assertThat(account.isComplete()).isTrue();
    assertThat(skipping("metrics").or(account))
        .isEqualTo(new Wishes(skipping("metrics").skipped(), account.tokenSeconds()));
    assertThat(skipping("").or(account).skips("proxy")).isFalse();
  }
}
