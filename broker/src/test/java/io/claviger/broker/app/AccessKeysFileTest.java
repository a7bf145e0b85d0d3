package io.claviger.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.identity.AccessKey;
import io.claviger.broker.identity.AccessKeys;
import io.claviger.config.settings.SettingsException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessKeysFileTest {

  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+hush";

  private final Vertx vertx = Vertx.vertx();
  @TempDir private Path directory;

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void readsKeysOfWhichSeveralMayHaveOneName() throws IOException {
    Supplier<AccessKeys> keys =
        open(
            """
            accessKeys:
              - {name: ci, accessKeyId: AKIDOLD, secretAccessKey: %1$s}
              - {name: ci, accessKeyId: AKIDNEW, secretAccessKey: "%1$s"}
              - name: agent
                accessKeyId: AKIDNODE
                secretAccessKey: %1$s
                node: node-1
            """
                .formatted(SECRET));

    assertThat(keys.get().find("AKIDOLD")).contains(new AccessKey("ci", "AKIDOLD", SECRET, null));
    assertThat(keys.get().find("AKIDNEW")).contains(new AccessKey("ci", "AKIDNEW", SECRET, null));
    assertThat(keys.get().find("AKIDNODE").map(AccessKey::node)).contains("node-1");
    assertThat(keys.get().find("akidnode")).isEmpty();
    assertThat(keys.get().find("ci")).isEmpty();
    assertThat(AccessKeys.NONE.find("AKIDOLD")).isEmpty();
  }

  @Test
  void takesAKeyAwayThatTheFileDoesNotHaveAnyMore() throws IOException {
    Supplier<AccessKeys> keys =
        open("accessKeys: [{name: ci, accessKeyId: A, secretAccessKey: " + SECRET + "}]");
    assertThat(keys.get().find("A")).isPresent();

    Files.writeString(directory.resolve("keys.yaml"), "accessKeys: []");

    await().until(() -> keys.get().find("A").equals(Optional.empty()));
  }

  /** Writes a file with one entry, and returns the error message. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "accessKeyId: A, secretAccessKey: $| accessKeys[1]: name is missing",
        "name: ci, secretAccessKey: $| accessKeys[1]: accessKeyId is missing",
        "name: ci, accessKeyId: A| accessKeys[1]: secretAccessKey is missing",
        "name: '', accessKeyId: A, secretAccessKey: $| accessKeys[1]: name is missing",
        "name: ' ', accessKeyId: A, secretAccessKey: $| accessKeys[1]: name is missing",
        "name: $, accessKeyId: A, secretAccessKey: $| accessKeys[1]: name has to be letters",
        "name: ci, accessKeyId: '', secretAccessKey: $| accessKeys[1]: accessKeyId is missing",
        "name: ci, accessKeyId: $, secretAccessKey: A| at least 16 characters",
        "name: ci, accessKeyId: $, secretAccessKey: $| accessKeys[1]: accessKeyId has to be letters",
        "name: ci, accessKeyId: A, secretAccessKey: '$ '| accessKeys[1]: secretAccessKey has to be",
        "name: ci, accessKeyId: A, secretAccessKey: hush| accessKeys[1]: secretAccessKey must have",
        "name: ci, accessKeyId: A, secretAccessKey: $, node: ''| accessKeys[1]: node is missing",
        "name: ci, accessKeyId: B, secretAccessKey: $| accessKeys[0] and accessKeys[1] have the same",
        "name: ci, accessKeyId: A, secretAccessKey: $, $: hush| accessKeys[1]: an unknown field",
        "name: ci, accessKeyId: A, secretAccessKey: [$]| accessKeys[1].secretAccessKey: missing or of",
      })
  void refusesAnEntryNamingItAndNeverWhatIsWritten(String entry, String problem) {
    String content =
        "accessKeys:\n  - {name: ci, accessKeyId: B, secretAccessKey: $}\n  - {" + entry + "}\n";

    assertThatThrownBy(() -> open(content.replace("$", SECRET)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(problem)
        .hasMessageNotContaining("hush");
  }

  @Test
  void showsNoSecret() {
    assertThat(new AccessKey("ci", "A", SECRET, null))
        .hasToString("AccessKey[name=ci, accessKeyId=A, node=null]");
  }

  private Supplier<AccessKeys> open(String content) throws IOException {
    return AccessKeysFile.open(
        vertx, Files.writeString(directory.resolve("keys.yaml"), content), Duration.ofMillis(20));
  }
}
