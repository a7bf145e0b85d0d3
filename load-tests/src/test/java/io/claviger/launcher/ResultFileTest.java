package io.claviger.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultFileTest {

  @TempDir private Path directory;

  @Test
  void replacesAFileAndLeavesNothingBeside() throws IOException {
    Path file = directory.resolve("load.json");

    ResultFile.write(file, "first");
    ResultFile.write(file, "second");

    assertThat(file).hasContent("second");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void writesToWhatALinkNames() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);

    ResultFile.write(link, "text");

    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("text");
  }

  @Test
  void knowsWhatCannotBeWritten() {
    assertThat(ResultFile.isWritable(directory.resolve("load.json"))).isTrue();
    assertThat(ResultFile.isWritable(directory)).isFalse();
    assertThat(ResultFile.isWritable(directory.resolve("absent").resolve("load.json"))).isFalse();
  }
}
