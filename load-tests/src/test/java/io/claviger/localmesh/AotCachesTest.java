package io.claviger.localmesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AotCachesTest {

  private static final List<String> MODULES = List.of("load-tests", "broker", "node-edge");

  @TempDir private Path top;

  private ProjectLayout layout = new ProjectLayout(Path.of(""));

  @BeforeEach
  void build() throws IOException {
    layout = new ProjectLayout(top);
    for (String module : MODULES) {
      Files.createDirectories(layout.built(module));
      Files.createFile(layout.jar(module));
    }
  }

  /** The path to which a program's JVM writes its cache. */
  private Path output(String module) {
    String option = AotCaches.WRITTEN.options(layout.jar(module)).getFirst();
    return Path.of(option.substring(option.indexOf('=') + 1));
  }

  private List<String> files(String module) throws IOException {
    try (var files = Files.list(layout.built(module))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void areInTheirPlacesOnceAllAreWhole() throws IOException {
    for (String module : MODULES) {
      Files.writeString(output(module), module);
    }

    AotCaches.publish(layout);

    assertThat(files("broker")).containsExactly("broker.aot", "broker.jar");
    assertThat(layout.built("node-edge").resolve("node-edge.aot")).hasContent("node-edge");
  }

  @Test
  void sayWhichProgramHasWrittenNone() throws IOException {
    Files.writeString(output("load-tests"), "whole");

    assertThatThrownBy(() -> AotCaches.publish(layout))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("broker.jar");
  }

  @Test
  void leaveNothingOfATrainingThatFailed() throws IOException {
    for (String module : MODULES) {
      Files.writeString(output(module), "half");
      Files.writeString(Path.of(output(module) + ".config"), "hundreds of MB");
    }

    AotCaches.discardUnfinished(layout);

    for (String module : MODULES) {
      assertThat(files(module)).containsExactly(module + ".jar");
    }
  }
}
