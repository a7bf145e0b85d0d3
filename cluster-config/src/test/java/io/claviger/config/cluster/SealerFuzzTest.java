package io.claviger.config.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Sealed values, as any writer to the brokers' map can put them there. */
final class SealerFuzzTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Instant SOON = NOW.plusSeconds(1);
  private static final String KEY = "c1|a-12345678901234567|1|shop/cart";
  private static final Sealer SEALER =
      new Sealer("claviger.sessions", TestKeys.one(), new SecureRandom());

  static Stream<byte[]> values() {
    return Stream.of("", "\1\2k1", "\1\2k1\0\0\1\2\3\4\5\6nonce-nonce-0123456789abcdef0123456789")
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @MethodSource("values")
  @FuzzTest
  void areOpenedOnlyAsTheyWereSealed(byte[] input) {
    Unsealed foreign = SEALER.unseal(KEY, input, NOW);
    assertThat(foreign).isNotInstanceOf(Unsealed.Opened.class);
    if (foreign instanceof Unsealed.Expired) {
      assertThat(Sealer.expiryOf(input).orElseThrow()).isBeforeOrEqualTo(NOW);
    }

    byte[] sealed = SEALER.seal(KEY, input, SOON);
    assertThat(Sealer.expiryOf(sealed)).contains(SOON);
    assertThat(SEALER.unseal(KEY, sealed, NOW))
        .isInstanceOfSatisfying(
            Unsealed.Opened.class, opened -> assertThat(opened.plain()).isEqualTo(input));
    if (input.length > 0) {
      sealed[Byte.toUnsignedInt(input[0]) % sealed.length] ^= (byte) (1 << (input.length % 8));
      assertThat(SEALER.unseal(KEY, sealed, NOW)).isNotInstanceOf(Unsealed.Opened.class);
    }
  }
}
