package io.claviger.broker.adapter.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKeySourceTest {

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void readsTheFileEachTime() throws Exception {
    Path file = Files.writeString(directory.resolve("jwks.json"), "{\"keys\":[1]}");
    FileKeySource source = new FileKeySource(vertx, file);
    assertThat(fetch(source)).isEqualTo("{\"keys\":[1]}");

    Files.writeString(file, "{\"keys\":[2]}");

    assertThat(fetch(source)).isEqualTo("{\"keys\":[2]}");
  }

  @Test
  void namesAFileThatIsMissingOrTooLong() throws Exception {
    Path missing = directory.resolve("missing.json");
    Path tooLong =
        Files.writeString(directory.resolve("long.json"), "x".repeat(HttpKeySource.MAX_BYTES + 1));

    assertThatThrownBy(() -> fetch(new FileKeySource(vertx, missing)))
        .hasMessageContaining(missing.toString());
    assertThatThrownBy(() -> fetch(new FileKeySource(vertx, tooLong)))
        .hasMessageContaining("longer than");
  }

  private static String fetch(FileKeySource source) throws Exception {
    return source.fetch().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
