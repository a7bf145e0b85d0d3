package io.claviger.config.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealerTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Instant EXPIRY = NOW.plusSeconds(3600);
  private static final String KEY = "c1|a-12345678901234567|1|shop/cart";
  private static final byte[] PLAIN = "the secret access key".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path directory;
  private SealingKeys keys;
  private Sealer sealer;

  @BeforeEach
  void openKeys() throws Exception {
    writeKey("k1", 1);
    Files.writeString(directory.resolve("active"), "k1\n");
    keys = SealingKeys.open(directory);
    sealer = new Sealer("claviger.sessions", keys, new SecureRandom());
  }

  @Test
  void opensWhatItSealed() {
    byte[] value = sealer.seal(KEY, PLAIN, EXPIRY);

    assertThat(sealer.unseal(KEY, value, NOW))
        .isInstanceOfSatisfying(
            Unsealed.Opened.class, opened -> assertThat(opened.plain()).isEqualTo(PLAIN));
  }

  @Test
  void showsNothingOfTheValue() {
    byte[] value = sealer.seal(KEY, PLAIN, EXPIRY);

    assertThat(new String(value, StandardCharsets.ISO_8859_1)).doesNotContain("secret", "access");
    assertThat(sealer.seal(KEY, PLAIN, EXPIRY)).isNotEqualTo(value);
  }

  @Test
  void opensToTheLastMillisecondAndNeverAfter() {
    byte[] value = sealer.seal(KEY, PLAIN, EXPIRY);

    assertThat(sealer.unseal(KEY, value, EXPIRY.minusMillis(1)))
        .isInstanceOf(Unsealed.Opened.class);
    assertThat(sealer.unseal(KEY, value, EXPIRY)).isEqualTo(new Unsealed.Expired());
  }

  @Test
  void rejectsAValueUnderAnotherKeyOrMap() {
    byte[] value = sealer.seal(KEY, PLAIN, EXPIRY);
    Sealer ofAnotherMap = new Sealer("claviger.other", keys, new SecureRandom());

    assertThat(sealer.unseal(KEY + "x", value, NOW)).isInstanceOf(Unsealed.Unreadable.class);
    assertThat(ofAnotherMap.unseal(KEY, value, NOW)).isInstanceOf(Unsealed.Unreadable.class);
  }

  @Test
  void rejectsAValueOfWhichAnyByteWasChanged() {
    byte[] value = sealer.seal(KEY, PLAIN, EXPIRY);

    for (int i = 0; i < value.length; i++) {
      byte[] altered = value.clone();
      altered[i] ^= 1;
      assertThat(sealer.unseal(KEY, altered, NOW))
          .as("byte %s changed", i)
          .isNotInstanceOf(Unsealed.Opened.class);
    }
  }

  @Test
  void rejectsWhatIsTooShortAtEveryLength() {
    byte[] value = sealer.seal(KEY, PLAIN, EXPIRY);

    for (int length = 0; length < value.length; length++) {
      assertThat(sealer.unseal(KEY, java.util.Arrays.copyOf(value, length), NOW))
          .isInstanceOf(Unsealed.Unreadable.class);
    }
  }

  @Test
  void tellsTheExpiryUnopened() {
    assertThat(Sealer.expiryOf(sealer.seal(KEY, PLAIN, EXPIRY))).contains(EXPIRY);
    assertThat(Sealer.expiryOf(new byte[] {1, 2})).isEmpty();
  }

  @Test
  void readsOldValuesWhileKeysRotate() throws Exception {
    byte[] old = sealer.seal(KEY, PLAIN, EXPIRY);

    writeKey("k2", 2);
    Files.writeString(directory.resolve("active"), "k2");
    keys.reload();

    assertThat(sealer.unseal(KEY, old, NOW)).isInstanceOf(Unsealed.Opened.class);
    byte[] fresh = sealer.seal(KEY, PLAIN, EXPIRY);
    Files.delete(directory.resolve("k1.key"));
    keys.reload();
    assertThat(sealer.unseal(KEY, old, NOW)).isEqualTo(new Unsealed.Unreadable("key"));
    assertThat(sealer.unseal(KEY, fresh, NOW)).isInstanceOf(Unsealed.Opened.class);
  }

  private void writeKey(String id, int fill) throws Exception {
    byte[] key = new byte[32];
    java.util.Arrays.fill(key, (byte) fill);
    Files.writeString(
        directory.resolve(id + ".key"), Base64.getEncoder().encodeToString(key) + "\n");
  }
}
