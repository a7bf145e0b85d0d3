package io.claviger.config.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.config.settings.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealingKeysTest {
  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

  @TempDir private Path directory;

  @Test
  void readsEveryKeyAndWritesWithTheActiveOne() throws Exception {
    write("2026-10.key", KEY);
    write("2026-11.key", KEY + "\n");
    write("active", "2026-11\n");

    SealingKeys keys = SealingKeys.open(directory);

    assertThat(keys.active()).isEqualTo("2026-11");
    assertThat(keys.find("2026-10")).isPresent();
    assertThat(keys.find("2026-11")).isPresent();
  }

  @Test
  void refusesADirectoryWithoutTheActiveKey() throws Exception {
    write("a.key", KEY);
    assertRefused("active");

    write("active", "b");
    assertRefused("active names a key that is not in the directory");
  }

  @Test
  void refusesAKeyOfAnotherLengthWithoutQuotingIt() throws Exception {
    write("active", "a");
    for (String content : new String[] {"c2hvcnQ=", "not base64 but secret!", ""}) {
      write("a.key", content);
      assertRefused("a.key is not 32 bytes in base64");
    }
  }

  @Test
  void keepsWhatItHasWhenReadingAgainFails() throws Exception {
    write("a.key", KEY);
    write("active", "a");
    SealingKeys keys = SealingKeys.open(directory);

    write("active", "gone");

    assertThatThrownBy(keys::reload).isInstanceOf(SettingsException.class);
    assertThat(keys.active()).isEqualTo("a");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> SealingKeys.open(directory))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("secret!")
        .hasNoCause();
  }

  private void write(String file, String content) throws Exception {
    Files.writeString(directory.resolve(file), content);
  }
}
